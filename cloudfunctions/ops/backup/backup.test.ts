import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'
import { chinaDay, DAY_MS } from '../metrics/china-day.ts'
import { fromLines, toLines } from '../rows.ts'
import { BACKED_UP, NOT_BACKED_UP } from './collections.ts'
import type { Backup } from './model.ts'

const MINUTE_MS = 60_000

/** 600 rows of stock: two parts. */
async function fillStocks(cloud: UnitCloud): Promise<void> {
  const rows = Array.from({ length: 600 }, (_, i) => ({ _id: `sku-${1000 + i}`, onHand: i }))
  await cloud.collection('stocks').insert(...rows)
}

const runJob = (cloud: UnitCloud) =>
  cloud.as('admin').ok<{ outcome: string; counts: object }>('scheduler/run', { job: 'backup' })

async function backupsOf(cloud: UnitCloud): Promise<Backup[]> {
  return (await cloud.collection('backups').all()) as unknown as Backup[]
}

describe('the nightly backup', () => {
  it('stores every row of one moment, with a manifest that proves each file', async () => {
    const cloud = await unitCloud()
    await fillStocks(cloud)
    expect((await runJob(cloud)).outcome).toBe('done')
    const [backup] = await backupsOf(cloud)
    const files = backup?.files.filter(({ collection }) => collection === 'stocks')
    expect(backup).toMatchObject({
      _id: chinaDay(cloud.clock.nowMs()),
      state: 'complete',
      mode: 'snapshot',
      collections: [...BACKED_UP],
    })
    expect(files?.map(({ rows }) => rows)).toEqual([500, 100])
    const expected = (await cloud.collection('stocks').all()).map((row) => `${JSON.stringify(row)}\n`)
    for (const [at, file] of (files ?? []).entries()) {
      const content = expected.slice(at * 500, at * 500 + 500).join('')
      expect(file.sha256).toBe(createHash('sha256').update(content).digest('hex'))
      expect(file.bytes).toBe(Buffer.byteLength(content))
    }
  })

  it('is made once a day, and again when a file could not be stored', async () => {
    const cloud = await unitCloud()
    await fillStocks(cloud)
    cloud.fail('storage.uploadFile', { code: 'STORAGE_REQUEST_FAIL', after: 1 })
    cloud.fail('storage.getUploadMetadata', { code: 'STORAGE_REQUEST_FAIL', after: 1 })
    const outcomes: string[] = []
    while (outcomes.at(-1) !== 'done' && outcomes.length < 4) {
      outcomes.push((await runJob(cloud)).outcome)
      await cloud.clock.advance(MINUTE_MS)
    }
    expect(outcomes).toContain('failed')
    expect(await backupsOf(cloud)).toMatchObject([{ state: 'complete' }])
    expect(await runJob(cloud)).toMatchObject({ outcome: 'done', counts: { rows: 0 } })
    expect(await backupsOf(cloud)).toHaveLength(1)
  })

  it('is removed when it has been kept as long as the setting says', async () => {
    const cloud = await unitCloud()
    await cloud.as('admin').ok('ops/setSetting', { name: 'backupKeepDays', value: 3, version: 0 })
    await runJob(cloud)
    await cloud.clock.advance(2 * DAY_MS)
    expect(await runJob(cloud)).toMatchObject({ counts: { removed: 0 } })
    await cloud.clock.advance(DAY_MS)
    expect(await runJob(cloud)).toMatchObject({ counts: { removed: 1 } })
    expect(await backupsOf(cloud)).toHaveLength(2)
  })

  it('of more than a transaction can read goes part by part, and on after it was cut short', async () => {
    const cloud = await unitCloud()
    await fillStocks(cloud)
    await cloud.collection('backups').insert({
      _id: '2026-01-05',
      state: 'running',
      mode: 'rolling',
      collections: ['stocks', 'orders'],
      startedAtMs: cloud.clock.nowMs(),
      pointAtMs: cloud.clock.nowMs(),
      finishedAtMs: null,
      position: { collection: 0, afterId: '' },
      files: [],
      manifestFileId: null,
    })
    cloud.fail('database.modifyDocument', { code: 'DATABASE_REQUEST_FAILED', after: 2 })
    expect((await runJob(cloud)).outcome).toBe('failed')
    expect(await backupsOf(cloud)).toMatchObject([{ state: 'running', files: [{ rows: 500 }] }])
    await cloud.clock.advance(MINUTE_MS)
    expect((await runJob(cloud)).outcome).toBe('done')
    expect(await backupsOf(cloud)).toMatchObject([
      { state: 'complete', files: [{ rows: 500 }, { rows: 100 }] },
    ])
  })

  it('knows every collection, or leaves it out on purpose', () => {
    const rules = readdirSync(join(import.meta.dirname, '../../../database-rules'))
    const collections = rules.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5))
    expect([...BACKED_UP, ...NOT_BACKED_UP].sort()).toEqual(collections.sort())
  })
})

describe('ops/startBackup and listBackups', () => {
  it('copies chosen collections at once', async () => {
    const cloud = await unitCloud()
    await fillStocks(cloud)
    const input = { collections: ['stocks', 'orders', 'stocks'] }
    const backup = await cloud.as('admin').ok<{ backupId: string }>('ops/startBackup', input)
    expect(backup).toMatchObject({
      state: 'complete',
      collections: ['stocks', 'orders'],
      rows: 600,
      files: 2,
    })
    const { items } = await cloud.as('admin').ok<{ items: unknown[] }>('ops/listBackups')
    expect(items).toEqual([backup])
  })

  it('refuses collections that are not backed up', async () => {
    const cloud = await unitCloud()
    for (const collections of [['leases'], ['__proto__'], []]) {
      expect(await cloud.as('admin').refused('ops/startBackup', { collections })).toBe('INVALID_INPUT')
    }
  })
})

describe('a line of a backup', () => {
  it('keeps dates and places', () => {
    const row = {
      _id: 'a',
      at: new Date(5),
      deep: [{ at: new Date(6) }],
      place: { type: 'Point', coordinates: [1, 2] },
    }
    expect(fromLines(toLines([row]))).toEqual([row])
  })
})
