import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { openShop, type Shop } from './shop.fixture.ts'

const DAY_MS = 86_400_000

describe('after-sale requests', () => {
  let cloud: UnitCloud
  let shop: Shop
  let orderId: string
  let totalFen: number
  beforeEach(async () => {
    cloud = await unitCloud()
    shop = await openShop(cloud)
    orderId = await shop.paidOrder('buyer1')
    totalFen = shop.shirtFen + 2 * shop.mugFen
  })
  const buyer = () => cloud.as('buyer1')
  const admin = () => cloud.as('admin')
  const stored = () => cloud.collection('orders').get(orderId)
  const ask = (input: object = {}) => ({ orderId, returnGoods: false, reason: 'too small', ...input })
  const ship = () => admin().ok('order/ship', { orderId, carrier: 'SF', trackingNo: 'SF1000001' })

  it('ask for everything before shipping: the goods stay at home, and nothing ships meanwhile', async () => {
    const { afterSale } = await buyer().ok<{ afterSale: object }>('order/applyAfterSale', ask())
    expect(afterSale).toMatchObject({ status: 'requested', refundFen: totalFen, returnGoods: true })
    const shipping = { orderId, carrier: 'SF', trackingNo: 'SF1000001' }
    expect(await admin().refused('order/ship', shipping)).toBe('AFTER_SALE_STATE')
    expect(await buyer().ok('order/counts')).toMatchObject({ paid: 1, afterSales: 1 })
  })

  it('after shipping are for money alone unless goods come back', async () => {
    await ship()
    await buyer().ok('order/applyAfterSale', ask({ refundFen: 300 }))
    expect(await stored()).toMatchObject({ afterSale: { refundFen: 300, returnGoods: false, lines: [] } })
    await buyer().ok('order/cancelAfterSale', { orderId })
    await buyer().ok(
      'order/applyAfterSale',
      ask({ returnGoods: true, lines: [{ skuId: shop.mug, quantity: 2 }] }),
    )
    expect(await stored()).toMatchObject({ afterSale: { refundFen: 2 * shop.mugFen, returnGoods: true } })
  })

  it('are one for one request id, and one at a time', async () => {
    const apply = (requestId: string) => buyer().call('order/applyAfterSale', ask(), { requestId })
    const [first, again] = [await apply('after-sale-1'), await apply('after-sale-1')]
    expect(again.data).toEqual(first.data)
    expect(await apply('after-sale-2')).toMatchObject({ error: 'AFTER_SALE_STATE' })
    expect(await stored()).toMatchObject({ version: 3 })
  })

  it('refuse a request id that comes again with other wishes, and tell buyers nothing but their own', async () => {
    await ship()
    const options = { requestId: 'request-0001' }
    const { afterSale } = await buyer().ok<{ afterSale: object }>('order/applyAfterSale', ask(), options)
    expect(Object.keys(afterSale)).not.toContain('requestHash')
    expect(await buyer().refused('order/applyAfterSale', ask({ refundFen: 1 }), options)).toBe(
      'REQUEST_ID_REUSED',
    )
    expect(await stored()).toMatchObject({ afterSale: { refundFen: totalFen } })
  })

  it('refuse amounts, goods and times that do not fit', async () => {
    const refused = (input: object) => buyer().refused('order/applyAfterSale', ask(input))
    expect(await refused({ refundFen: totalFen + 1 })).toBe('INVALID_INPUT')
    expect(await refused({ refundFen: 0 })).toBe('INVALID_INPUT')
    expect(await refused({ reason: ' ' })).toBe('INVALID_INPUT')
    expect(await refused({ lines: [{ skuId: shop.mug, quantity: 1 }] })).toBe('INVALID_INPUT')
    const tooMany = [
      { skuId: shop.mug, quantity: 2 },
      { skuId: shop.mug, quantity: 1 },
    ]
    expect(await refused({ returnGoods: true, lines: tooMany })).toBe('INVALID_INPUT')
    expect(await cloud.as('buyer2').refused('order/applyAfterSale', ask())).toBe('NOT_FOUND')
    await ship()
    await buyer().ok('order/confirm', { orderId })
    await cloud.clock.advance(7 * DAY_MS + 1)
    expect(await refused({})).toBe('AFTER_SALE_WINDOW_CLOSED')
  })

  it('refuse an order that was not paid', async () => {
    const unpaid = await shop.order('buyer1')
    expect(await buyer().refused('order/applyAfterSale', ask({ orderId: unpaid }))).toBe('ORDER_STATE')
  })

  it('are withdrawn by the buyer while nobody has decided', async () => {
    expect(await buyer().refused('order/cancelAfterSale', { orderId })).toBe('AFTER_SALE_STATE')
    await buyer().ok('order/applyAfterSale', ask())
    expect(await cloud.as('buyer2').refused('order/cancelAfterSale', { orderId })).toBe('NOT_FOUND')
    expect(await buyer().ok('order/cancelAfterSale', { orderId })).toMatchObject({
      afterSaleStatus: 'cancelled',
    })
    expect(await buyer().ok('order/cancelAfterSale', { orderId })).toMatchObject({
      afterSaleStatus: 'cancelled',
    })
    expect(await admin().refused('order/approveAfterSale', { orderId })).toBe('AFTER_SALE_STATE')
    await ship()
  })

  it('are rejected with an answer that the buyer sees, and may be made again', async () => {
    await ship()
    await buyer().ok('order/applyAfterSale', ask())
    expect(await admin().refused('order/rejectAfterSale', { orderId })).toBe('INVALID_INPUT')
    expect(await buyer().refused('order/rejectAfterSale', { orderId, answer: 'no' })).toBe('FORBIDDEN')
    await admin().ok('order/rejectAfterSale', { orderId, answer: 'worn' })
    const detail = await buyer().ok('order/detail', { orderId })
    expect(detail).toMatchObject({ afterSale: { status: 'rejected', answer: 'worn' } })
    expect(detail).toMatchObject({ autoConfirmAtMs: cloud.clock.nowMs() + 10 * DAY_MS })
    await buyer().ok('order/applyAfterSale', ask())
  })

  it.each(['approveAfterSale', 'rejectAfterSale'])('are not there for %s', async (route) => {
    const decide = (more: object) => admin().refused(`order/${route}`, { orderId, answer: 'no', ...more })
    expect(await decide({ orderId: 'ord_unknown' })).toBe('NOT_FOUND')
    expect(await decide({})).toBe('AFTER_SALE_STATE')
    await buyer().ok('order/applyAfterSale', ask())
    expect(await decide({ afterSaleId: 'as_other' })).toBe('AFTER_SALE_STATE')
    expect(await stored()).toMatchObject({ afterSaleStatus: 'requested' })
  })

  it('are approved as they were looked at, once', async () => {
    const { afterSale } = await buyer().ok<{ afterSale: { id: string } }>(
      'order/applyAfterSale',
      ask({ refundFen: 100 }),
    )
    expect(await buyer().refused('order/approveAfterSale', { orderId })).toBe('FORBIDDEN')
    const other = { orderId, afterSaleId: 'as_other' }
    expect(await admin().refused('order/approveAfterSale', other)).toBe('AFTER_SALE_STATE')
    const approve = () => admin().ok('order/approveAfterSale', { orderId, afterSaleId: afterSale.id })
    expect(await approve()).toMatchObject({ afterSaleStatus: 'approved', refundFen: 100 })
    expect(await approve()).toMatchObject({ afterSaleStatus: 'approved' })
    expect(await cloud.collection('refunds').all()).toHaveLength(1)
    expect(await cloud.collection('audit_entries').all()).toContainEqual(
      expect.objectContaining({ action: 'order.after-sale.approve', subject: orderId }),
    )
  })

  it('for part of the money let a shipped order confirm itself afterwards', async () => {
    await ship()
    await buyer().ok('order/applyAfterSale', ask({ refundFen: 300 }))
    await admin().ok('order/approveAfterSale', { orderId })
    const approvedAtMs = cloud.clock.nowMs()
    expect(await stored()).toMatchObject({ autoConfirmAtMs: null })
    await cloud.clock.advance(1)
    expect(await stored()).toMatchObject({ status: 'shipped', afterSaleStatus: 'refunded', refundedFen: 300 })
    expect(await stored()).toMatchObject({ autoConfirmAtMs: approvedAtMs + 10 * DAY_MS })
  })
})
