import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'
import { openShop } from '../../order/shop.fixture.ts'
import { DAY_MS } from '../metrics/china-day.ts'

const MINUTE_MS = 60_000
/** What a person has left here; none of it is in anything that the shop itself has written. */
const PERSONAL = [
  '小满的昵称',
  '13912345678',
  '张三丰',
  '桃花岛路 7 号',
  '请放门口',
  '尺寸不合适',
  'SF-SECRET-1',
]

/** Who was erased, who did what, and that others were told of it. */
const KEEP_IDENTIFIER = ['approval_leavers', 'audit_entries', 'erasures', 'outbox']

let cloud: UnitCloud
let orderId: string
beforeEach(async () => {
  cloud = await unitCloud()
  const shop = await openShop(cloud)
  const buyer = cloud.as('buyer1')
  const userId = cloud.openid('buyer1')
  await buyer.ok('user/login')
  await buyer.ok('user/updateProfile', { nickname: '小满的昵称' })
  const { code } = await cloud.wechat.control.phoneCodes.issue(userId, '13912345678')
  await buyer.ok('user/bindPhone', { code })
  const { addressId } = await buyer.ok<{ addressId: string }>('user/addAddress', {
    name: '张三丰',
    phone: '13912345678',
    province: '浙江省',
    city: '舟山市',
    district: '普陀区',
    detail: '桃花岛路 7 号',
  })
  await buyer.ok('order/cartAdd', { skuId: shop.mug, quantity: 1 })
  const placed = await buyer.ok<{ orderId: string }>('order/create', {
    items: [{ skuId: shop.mug, quantity: 1 }],
    addressId,
    note: '请放门口',
  })
  orderId = placed.orderId
  await buyer.ok('payment/prepare', { orderId })
  await cloud.wechat.control.payments.pay({ outTradeNo: orderId }, {})
  await cloud.as('admin').ok('user/login')
})

/** Ships, receives, and gets the money back: the order's story is over. */
async function finish(): Promise<void> {
  const admin = cloud.as('admin')
  await admin.ok('order/ship', { orderId, carrier: '顺丰', trackingNo: 'SF-SECRET-1' })
  await cloud.as('buyer1').ok('order/confirm', { orderId })
  const claim = { orderId, returnGoods: true, reason: '尺寸不合适' }
  await cloud.as('buyer1').ok('order/applyAfterSale', claim)
  await admin.ok('order/approveAfterSale', { orderId })
  for (let minute = 0; minute < 3; minute++) {
    await cloud.clock.advance(MINUTE_MS)
    await cloud.asTimer('scheduler', 'everyMinute')
  }
}

const erase = () =>
  cloud.as('admin').ok<{ state: string; doneBy: string[] }>('ops/eraseUser', {
    userId: cloud.openid('buyer1'),
    confirm: 'erase this person',
  })

async function collectionsNaming(what: string): Promise<string[]> {
  const rules = join(import.meta.dirname, '../../../database-rules')
  const names = readdirSync(rules).filter((file) => file.endsWith('.json'))
  const found: string[] = []
  for (const name of names.map((file) => file.slice(0, -'.json'.length))) {
    const rows = await cloud.collection(name).all()
    if (JSON.stringify(rows).includes(what)) found.push(name)
  }
  return found.sort()
}

describe('ops/eraseUser', () => {
  it('leaves nothing personal in any collection, and keeps what was bought for how much', async () => {
    await finish()
    expect(await collectionsNaming('张三丰')).toEqual(['addresses', 'orders'])
    expect(await collectionsNaming('尺寸不合适')).not.toEqual([])
    expect(await erase()).toMatchObject({ state: 'done', doneBy: expect.arrayContaining(['order', 'user']) })
    for (const what of PERSONAL) expect([what, await collectionsNaming(what)]).toEqual([what, []])
    // Who did what stays known for as long as the law wants it, by an identifier that says nothing by itself.
    const stillNaming = await collectionsNaming(cloud.openid('buyer1'))
    expect(stillNaming.filter((name) => !KEEP_IDENTIFIER.includes(name))).toEqual([])
    expect(await cloud.collection('orders').get(orderId)).toMatchObject({
      status: 'refunded',
      payableFen: expect.any(Number),
      lines: [expect.objectContaining({ quantity: 1 })],
      address: null,
      _openid: 'erased',
    })
    expect(await cloud.collection('payments').get(orderId)).toMatchObject({ _openid: 'erased', clientIp: '' })
    const [refund] = await cloud.collection('refunds').all()
    expect(refund).toMatchObject({ _openid: 'erased', state: 'succeeded', reason: '' })
  })

  it('keeps the books readable for those who work with them', async () => {
    await finish()
    await erase()
    const admin = cloud.as('admin')
    expect(await admin.ok('order/operatorDetail', { orderId })).toMatchObject({ status: 'refunded' })
    expect(await admin.ok('payment/refunds', { orderId })).toMatchObject({ items: [{ state: 'succeeded' }] })
    await cloud.clock.advance(DAY_MS)
    expect(await admin.ok('scheduler/run', { job: 'reconciliation' })).toMatchObject({ outcome: 'done' })
  })

  it('lets the person come back as somebody new', async () => {
    await finish()
    await erase()
    expect(await cloud.as('buyer1').ok('user/login')).toBeTruthy()
    expect(await cloud.as('buyer1').ok('user/profile')).toMatchObject({ phone: null })
    expect(await cloud.as('buyer1').ok('order/list')).toMatchObject({ items: [] })
    await cloud.as('buyer1').ok('user/updateProfile', { nickname: '小满的昵称' })
    await erase()
    expect(await collectionsNaming('小满的昵称')).toEqual([])
  })

  it('keeps a ban, whoever the banned account was', async () => {
    await finish()
    const userId = cloud.openid('buyer1')
    await cloud.as('admin').ok('user/ban', { userId, reason: 'test' })
    await erase()
    expect(await cloud.as('buyer1').refused('user/login')).toBe('USER_BANNED')
    for (const what of PERSONAL) expect([what, await collectionsNaming(what)]).toEqual([what, []])
  })

  it.each(['database.modifyDocument', 'database.removeDocument', 'database.commitTransaction'])(
    'goes on where it was cut short by a failing %s',
    async (action) => {
      await finish()
      cloud.fail(action, { code: 'DATABASE_REQUEST_FAILED' })
      const input = { userId: cloud.openid('buyer1'), confirm: 'erase this person' }
      expect(await cloud.as('admin').refused('ops/eraseUser', input)).toBe('INTERNAL')
      expect(await erase()).toMatchObject({ state: 'done' })
      for (const what of PERSONAL) expect([what, await collectionsNaming(what)]).toEqual([what, []])
    },
  )

  it('refuses as long as goods or money are under way, and spares administrators', async () => {
    const input = { userId: cloud.openid('buyer1'), confirm: 'erase this person' }
    expect(await cloud.as('admin').call('ops/eraseUser', input)).toMatchObject({
      error: 'ERASURE_ORDERS_OPEN',
      details: { orderIds: [orderId] },
    })
    const self = { ...input, userId: cloud.openid('admin') }
    expect(await cloud.as('admin').refused('ops/eraseUser', self)).toBe('FORBIDDEN')
    expect(await collectionsNaming('桃花岛路 7 号')).not.toEqual([])
  })

  it('is done again to what a restore brings back', async () => {
    await finish()
    const admin = cloud.as('admin')
    const { backupId } = await admin.ok<{ backupId: string }>('ops/startBackup')
    await cloud.clock.advance(MINUTE_MS)
    await erase()
    const { restoreId } = await admin.ok<{ restoreId: string }>('ops/startRestore', { backupId })
    await admin.ok('ops/switchRestore', { restoreId, confirm: 'replace my data' })
    await cloud.clock.advance(2 * MINUTE_MS)
    expect(await admin.ok('ops/continueRestore', { restoreId })).toMatchObject({ state: 'switched' })
    for (const what of PERSONAL) expect([what, await collectionsNaming(what)]).toEqual([what, []])
    expect(await cloud.collection('orders').get(orderId)).toMatchObject({ status: 'refunded' })
  })
})

describe('ops/exportUser and exportMyData', () => {
  it('hold everything that the erasure would take', async () => {
    await finish()
    const mine = JSON.stringify(await cloud.as('buyer1').ok('ops/exportMyData'))
    for (const what of PERSONAL) expect(mine).toContain(what)
    const userId = cloud.openid('buyer1')
    const theirs = JSON.stringify(await cloud.as('admin').ok('ops/exportUser', { userId }))
    for (const what of PERSONAL) expect(theirs).toContain(what)
    const audited = await cloud.collection('audit_entries').all()
    expect(audited).toContainEqual(
      expect.objectContaining({ action: 'privacy.export', subject: `user/${userId}` }),
    )
  })

  it('cover what they wrote for others, which goes when they are erased', async () => {
    const buyer = cloud.as('buyer1')
    await finish()
    await buyer.ok('community/createPost', { text: '我的秘密花园' })
    expect(JSON.stringify(await buyer.ok('ops/exportMyData'))).toContain('我的秘密花园')
    await erase()
    expect(await collectionsNaming('我的秘密花园')).toEqual([])
  })

  it('show nobody else', async () => {
    const other = JSON.stringify(await cloud.as('buyer2').ok('ops/exportMyData'))
    for (const what of PERSONAL) expect(other).not.toContain(what)
    expect(await cloud.as('buyer2').refused('ops/exportUser', { userId: cloud.openid('buyer1') })).toBe(
      'FORBIDDEN',
    )
  })
})
