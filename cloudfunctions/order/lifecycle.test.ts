/** An order after it was placed: seen, cancelled, shipped, confirmed, and what time does to it. */
import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { openShop, type Shop } from './shop.fixture.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

let cloud: UnitCloud
let shop: Shop
let orderId: string

beforeEach(async () => {
  cloud = await unitCloud({ functions: { jobs: () => import('../payment/jobs.fixture.ts') } })
  shop = await openShop(cloud)
  orderId = await shop.order('buyer1')
})

const buyer = () => cloud.as('buyer1')
const admin = () => cloud.as('admin')
const run = (job: string) => cloud.as('nobody').ok<{ result: unknown }>(`jobs/${job}`)
const stored = () => cloud.collection('orders').get(orderId)
const mugs = () => cloud.collection('stocks').get(shop.mug)
const shipment = { carrier: 'SF', trackingNo: 'SF1000001' }
const ship = () => admin().ok('order/ship', { orderId, ...shipment })

async function pay(id = orderId): Promise<void> {
  await buyer().ok('payment/prepare', { orderId: id })
  await cloud.wechat.control.payments.pay({ outTradeNo: id })
}

describe('what a buyer sees', () => {
  it('is the own order, without who in the shop did what', async () => {
    await pay()
    await ship()
    const detail = await buyer().ok<Record<string, unknown>>('order/detail', { orderId })
    expect(detail).toMatchObject({
      ...{ orderId, status: 'shipped', shipment, paidFen: shop.shirtFen + 2 * shop.mugFen },
      history: [{ action: 'create' }, { action: 'pay' }, { action: 'ship' }],
    })
    expect(JSON.stringify(detail)).not.toContain(cloud.openid('admin'))
    expect(await cloud.as('buyer2').refused('order/detail', { orderId })).toBe('NOT_FOUND')
    expect(await buyer().refused('order/detail', { orderId: 'ord_unknown' })).toBe('NOT_FOUND')
  })

  it('is a list of the own orders, newest first, page by page and by status', async () => {
    await cloud.clock.advance(1)
    const second = await shop.order('buyer1')
    await cloud.clock.advance(1)
    const third = await shop.order('buyer1')
    await shop.order('buyer2')
    await buyer().ok('order/cancel', { orderId: second })
    type Page = { items: { orderId: string }[]; nextCursor: string | null }
    const first = await buyer().ok<Page>('order/list', { size: 2 })
    expect(first.items.map((item) => item.orderId)).toEqual([third, second])
    const rest = await buyer().ok<Page>('order/list', { size: 2, cursor: first.nextCursor })
    expect(rest).toMatchObject({ items: [{ orderId }], nextCursor: null })
    expect(await buyer().ok('order/list', { status: 'closed' })).toMatchObject({
      items: [{ orderId: second }],
    })
    expect(await buyer().refused('order/list', { status: 'lost' })).toBe('INVALID_INPUT')
    expect(await buyer().refused('order/list', { cursor: 'made-up' })).toBe('INVALID_INPUT')
    expect(await buyer().ok('order/counts')).toEqual({
      ...{ unpaid: 2, paid: 0, shipped: 0, completed: 0, closed: 1, refunded: 0 },
      afterSales: 0,
    })
  })
})

describe('order/cancel', () => {
  it('closes an unpaid order and gives the stock back, once', async () => {
    expect(await buyer().ok('order/cancel', { orderId })).toEqual({ orderId, status: 'closed' })
    expect(await buyer().ok('order/cancel', { orderId })).toEqual({ orderId, status: 'closed' })
    expect(await stored()).toMatchObject({ closeReason: 'cancelled', version: 2 })
    expect(await mugs()).toMatchObject({ onHand: 30, reserved: 0 })
  })

  it("refuses a stranger's order and one that is paid", async () => {
    expect(await cloud.as('buyer2').refused('order/cancel', { orderId })).toBe('NOT_FOUND')
    await pay()
    expect(await buyer().refused('order/cancel', { orderId })).toBe('ORDER_STATE')
    expect(await mugs()).toMatchObject({ sold: 2 })
  })

  it('gives the stock back later when it stops right after the change', async () => {
    cloud.fail('database.startTransaction', { code: 'SYS_ERR', after: 1, times: 1 })
    await buyer().ok('order/cancel', { orderId })
    expect(await mugs()).toMatchObject({ reserved: 2 })
    await cloud.clock.advance(5 * MINUTE_MS)
    await run('sweep')
    expect(await mugs()).toMatchObject({ onHand: 30, reserved: 0 })
  })
})

describe('order/setAddress', () => {
  it('changes where an unpaid order goes, to an own address only', async () => {
    const addressId = await shop.addressOf('buyer1')
    expect(await buyer().ok('order/setAddress', { orderId, addressId })).toMatchObject({
      address: { city: '深圳市' },
    })
    const strangers = await shop.addressOf('buyer2')
    expect(await buyer().refused('order/setAddress', { orderId, addressId: strangers })).toBe('NOT_FOUND')
    expect(await cloud.as('buyer2').refused('order/setAddress', { orderId, addressId: strangers })).toBe(
      'NOT_FOUND',
    )
    await pay()
    expect(await buyer().refused('order/setAddress', { orderId, addressId })).toBe('ORDER_STATE')
  })
})

describe('order/ship and order/confirm', () => {
  it('bring a paid order to its end, each once', async () => {
    await pay()
    await ship()
    await ship()
    expect(await stored()).toMatchObject({ status: 'shipped', version: 3, shipment })
    expect(await buyer().ok('order/confirm', { orderId })).toEqual({ orderId, status: 'completed' })
    expect(await buyer().ok('order/confirm', { orderId })).toEqual({ orderId, status: 'completed' })
    expect(await stored()).toMatchObject({ version: 4, autoConfirmAtMs: null })
    expect(await cloud.collection('audit_entries').all()).toContainEqual(
      expect.objectContaining({ action: 'order.ship', subject: orderId }),
    )
  })

  it('refuse what is not theirs to do', async () => {
    expect(await admin().refused('order/ship', { orderId, ...shipment })).toBe('ORDER_STATE')
    await pay()
    expect(await buyer().refused('order/ship', { orderId, ...shipment })).toBe('FORBIDDEN')
    expect(await admin().refused('order/ship', { orderId, carrier: 'SF', trackingNo: '?' })).toBe(
      'INVALID_INPUT',
    )
    expect(await admin().refused('order/ship', { orderId: 'ord_unknown', ...shipment })).toBe('NOT_FOUND')
    expect(await buyer().refused('order/confirm', { orderId })).toBe('ORDER_STATE')
    await ship()
    expect(await admin().refused('order/ship', { orderId, ...shipment, trackingNo: 'OTHER-1' })).toBe(
      'ORDER_STATE',
    )
    expect(await cloud.as('buyer2').refused('order/confirm', { orderId })).toBe('NOT_FOUND')
  })
})

describe('what time does', () => {
  it('closes an order that nobody paid for after half an hour, not earlier, and gives the stock back', async () => {
    await cloud.clock.advance(30 * MINUTE_MS - 1)
    expect(await run('expire')).toEqual({ result: 0 })
    await cloud.clock.advance(1)
    expect(await run('expire')).toEqual({ result: 1 })
    expect(await run('expire')).toEqual({ result: 0 })
    expect(await stored()).toMatchObject({ status: 'closed', closeReason: 'expired' })
    expect(await mugs()).toMatchObject({ onHand: 30, reserved: 0 })
  })

  it('takes a shipped order as received after ten days, not while an after-sale request is open', async () => {
    const other = await shop.order('buyer1')
    for (const id of [orderId, other]) {
      await pay(id)
      await admin().ok('order/ship', { orderId: id, ...shipment })
    }
    await buyer().ok('order/applyAfterSale', { orderId: other, returnGoods: false, reason: 'scratched' })
    await cloud.clock.advance(10 * DAY_MS - 1)
    expect(await run('confirm')).toEqual({ result: 0 })
    await cloud.clock.advance(1)
    expect(await run('confirm')).toEqual({ result: 1 })
    expect(await stored()).toMatchObject({ status: 'completed' })
    await buyer().ok('order/cancelAfterSale', { orderId: other })
    expect(await run('confirm')).toEqual({ result: 0 })
    await cloud.clock.advance(DAY_MS)
    expect(await run('confirm')).toEqual({ result: 1 })
  })
})

describe('what operators see', () => {
  it('is every order, by what they know of it', async () => {
    await pay()
    await ship()
    await cloud.clock.advance(1)
    const other = await shop.order('buyer2')
    const found = async (input: object) => {
      const { items } = await admin().ok<{ items: { _id: string }[] }>('order/operatorList', input)
      return items.map((item) => item._id)
    }
    expect(await found({})).toEqual([other, orderId])
    expect(await found({ status: 'shipped' })).toEqual([orderId])
    expect(await found({ userId: cloud.openid('buyer2') })).toEqual([other])
    expect(await found({ trackingNo: shipment.trackingNo })).toEqual([orderId])
    expect(await found({ beforeMs: cloud.clock.nowMs() })).toEqual([orderId])
    expect(await found({ fromMs: cloud.clock.nowMs(), beforeMs: cloud.clock.nowMs() + 1 })).toEqual([other])
    expect(await found({ afterSaleStatus: 'requested' })).toEqual([])
    expect(await admin().ok('order/operatorDetail', { orderId })).toMatchObject({
      history: [{}, {}, { action: 'ship', by: cloud.openid('admin') }],
    })
    expect(await admin().refused('order/operatorDetail', { orderId: 'ord_unknown' })).toBe('NOT_FOUND')
    expect(await buyer().refused('order/operatorList', {})).toBe('FORBIDDEN')
    expect(await buyer().refused('order/operatorDetail', { orderId })).toBe('FORBIDDEN')
  })
})
