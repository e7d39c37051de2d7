import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

const MINUTE_MS = 60_000
const collections = ['stocks', 'orders', 'audit_entries', 'categories']

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
  await cloud.collection('stocks').insert(...rows(0, 600, 1))
  await cloud.collection('categories').insert({ _id: 'tea', name: 'Tea' })
})

function rows(from: number, to: number, onHand: number) {
  return Array.from({ length: to - from }, (_, i) => ({ _id: `sku-${1000 + from + i}`, onHand }))
}

interface View {
  restoreId: string
  state: string
  filesDone: number
  savedAs: string | null
}
const admin = () => cloud.as('admin')
const goOn = ({ restoreId }: View) => admin().ok<View>('ops/continueRestore', { restoreId })
const switchTo = ({ restoreId }: View) =>
  admin().ok<View>('ops/switchRestore', { restoreId, confirm: 'replace my data' })

async function load(): Promise<View> {
  const { backupId } = await admin().ok<{ backupId: string }>('ops/startBackup', { collections })
  return admin().ok<View>('ops/startRestore', { backupId })
}

/** What happened to the shop since the backup. */
async function spoil(): Promise<void> {
  await cloud.collection('stocks').set('sku-1000', { onHand: 99 })
  await cloud.collection('stocks').remove('sku-1300')
  await cloud.collection('stocks').insert({ _id: 'sku-9999', onHand: 7 })
  await cloud.collection('categories').remove('tea')
  await cloud.collection('orders').insert({ _id: 'ord_new' })
}

async function afterTheSwitch(restore: View): Promise<View> {
  await switchTo(restore)
  await cloud.clock.advance(2 * MINUTE_MS)
  return goOn(restore)
}

describe('a restore', () => {
  it('first lies beside the data, and changes nothing there', async () => {
    const restore = await load()
    await spoil()
    expect(restore).toMatchObject({ state: 'loaded' })
    expect(await cloud.collection('stocks_bak').all()).toEqual(rows(0, 600, 1))
    expect(await cloud.collection('orders_bak').all()).toEqual([])
    expect(await cloud.collection('stocks').get('sku-1000')).toMatchObject({ onHand: 99 })
    expect(await goOn(restore)).toMatchObject({ state: 'loaded' })
  })

  it('then takes the place of the data: changed, removed and new rows are as they were', async () => {
    const restore = await load()
    await spoil()
    expect(await afterTheSwitch(restore)).toMatchObject({ state: 'switched' })
    expect(await cloud.collection('stocks').all()).toEqual(rows(0, 600, 1))
    expect(await cloud.collection('categories').all()).toEqual([{ _id: 'tea', name: 'Tea' }])
    expect(await cloud.collection('orders').all()).toEqual([])
    expect((await cloud.collection('audit_entries').all()).length).toBeGreaterThan(0)
  })

  it('leaves the way back: what it replaced is a backup itself', async () => {
    const restore = await load()
    await spoil()
    const { savedAs } = await afterTheSwitch(restore)
    const back = await admin().ok<View>('ops/startRestore', { backupId: savedAs })
    expect(await afterTheSwitch(back)).toMatchObject({ state: 'switched' })
    expect(await cloud.collection('stocks').get('sku-1000')).toMatchObject({ onHand: 99 })
    expect(await cloud.collection('stocks').get('sku-1300')).toBeUndefined()
    expect(await cloud.collection('orders').all()).toEqual([{ _id: 'ord_new' }])
  })

  it('shuts everybody and every job out while it replaces, and lets them in again', async () => {
    await cloud.as('buyer1').ok('user/login')
    await admin().ok('scheduler/jobs')
    const restore = await load()
    await switchTo(restore)
    expect(await cloud.as('buyer1').refused('user/profile')).toBe('CLOSED_FOR_MAINTENANCE')
    await cloud.clock.advance(MINUTE_MS)
    const { ran } = (await cloud.asTimer('scheduler', 'everyMinute')) as { ran: Record<string, string> }
    expect(new Set(Object.values(ran))).toEqual(new Set(['elsewhere']))
    expect(await goOn(restore)).toMatchObject({ state: 'closing' })
    await cloud.clock.advance(MINUTE_MS)
    expect(await goOn(restore)).toMatchObject({ state: 'switched' })
    expect(await cloud.as('buyer1').ok('user/profile')).toBeTruthy()
    const again = (await cloud.asTimer('scheduler', 'everyMinute')) as { ran: Record<string, string> }
    expect(new Set(Object.values(again.ran))).toEqual(new Set(['done']))
  })

  it.each([
    ['removing', 'database.removeDocument', 1],
    ['inserting', 'database.insertDocument', 1],
    ['inserting, and nobody knows', 'database.insertDocument', 1, true],
    ['writing down how far it is', 'database.modifyDocument', 5],
    ['reading a file', 'storage.batchGetDownloadUrl', 1],
  ])('goes on after it died while %s', async (_when, action, after, replyLost = false) => {
    const restore = await load()
    await spoil()
    await switchTo(restore)
    await cloud.clock.advance(2 * MINUTE_MS)
    cloud.fail(action, { code: 'DATABASE_REQUEST_FAILED', after, replyLost })
    const reply = await admin().call('ops/continueRestore', { restoreId: restore.restoreId })
    expect(reply).toMatchObject({ error: expect.any(String) })
    let view = await goOn(restore)
    for (let i = 0; i < 3 && view.state !== 'switched'; i++) view = await goOn(restore)
    expect(view.state).toBe('switched')
    expect(await cloud.collection('stocks').all()).toEqual(rows(0, 600, 1))
  })

  it('can be given up until something was replaced', async () => {
    const restore = await load()
    const input = { restoreId: restore.restoreId }
    await switchTo(restore)
    expect(await admin().ok('ops/cancelRestore', input)).toMatchObject({ state: 'cancelled' })
    expect(await admin().ok('ops/cancelRestore', input)).toMatchObject({ state: 'cancelled' })
    expect(await cloud.as('buyer1').ok('user/login')).toBeTruthy()
    expect(await admin().refused('ops/switchRestore', { ...input, confirm: 'replace my data' })).toBe(
      'RESTORE_STATE',
    )
    const other = await load()
    await afterTheSwitch(other)
    expect(await admin().refused('ops/cancelRestore', { restoreId: other.restoreId })).toBe('RESTORE_STATE')
  })

  it('is begun once for a repeated request', async () => {
    const { backupId } = await admin().ok<{ backupId: string }>('ops/startBackup', { collections })
    const options = { requestId: 'request-0001' }
    const first = await admin().ok<View>('ops/startRestore', { backupId }, options)
    expect(await admin().ok<View>('ops/startRestore', { backupId }, options)).toEqual(first)
    const other = { backupId, collections: ['orders'] }
    expect(await admin().refused('ops/startRestore', other, options)).toBe('REQUEST_ID_REUSED')
    const { items } = await admin().ok<{ items: View[] }>('ops/listRestores')
    expect(items).toEqual([first])
  })

  it('refuses a file that is not what the manifest says, and replaces nothing', async () => {
    const { backupId } = await admin().ok<{ backupId: string }>('ops/startBackup', { collections })
    const backup = await cloud.collection('backups').get(backupId)
    const kept = backup?.files as { sha256: string }[]
    const files = kept.map((file) => ({ ...file, sha256: 'x' }))
    await cloud.collection('backups').set(backupId, { files })
    expect(await admin().refused('ops/startRestore', { backupId })).toBe('BACKUP_DAMAGED')
  })

  it('refuses what is not there, not complete or not in the backup', async () => {
    expect(await admin().refused('ops/startRestore', { backupId: 'none' })).toBe('NOT_FOUND')
    expect(await admin().refused('ops/continueRestore', { restoreId: 'none' })).toBe('NOT_FOUND')
    const { backupId } = await admin().ok<{ backupId: string }>('ops/startBackup', {
      collections: ['orders'],
    })
    const stocks = { backupId, collections: ['stocks'] }
    expect(await admin().refused('ops/startRestore', stocks)).toBe('NOT_FOUND')
    await cloud.collection('backups').set(backupId, { state: 'running' })
    expect(await admin().refused('ops/startRestore', { backupId })).toBe('BACKUP_INCOMPLETE')
  })

  it('does not switch while a flash sale runs or is about to', async () => {
    const restore = await load()
    const opensAtMs = cloud.clock.nowMs() + 60 * MINUTE_MS
    await cloud.collection('flash_sales').insert({ _id: 'sale', hotStock: 'open', opensAtMs })
    const input = { restoreId: restore.restoreId, confirm: 'replace my data' }
    expect(await admin().refused('ops/switchRestore', input)).toBe('SALE_RUNNING')
    expect(await cloud.as('buyer1').ok('user/login')).toBeTruthy()
  })
})
