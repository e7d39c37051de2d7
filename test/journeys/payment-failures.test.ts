import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openShop, PRICE_FEN, type ShopFloor, UNITS } from './shop-floor.ts'

const MINUTE_MS = 60_000

let shop: ShopFloor
beforeEach(async () => {
  shop = await openShop()
})
afterEach(() => shop.cloud.stop())

const inStock = { onHand: UNITS, reserved: 0, sold: 0 }
const payments = () => shop.cloud.emulator.payments
const clock = () => shop.cloud.emulator.clock
const refundedAt = (orderId: string) =>
  payments()
    .refunds()
    .filter((refund) => refund.outTradeNo === orderId)

describe('when the payment does not go as hoped', () => {
  it('it never comes: the timer closes the order and the stock is back', async () => {
    const orderId = await shop.order('buyer1', 3)
    await shop.prepare('buyer1', orderId)
    expect(await shop.stock()).toMatchObject({ reserved: 3 })
    await clock().advance(29 * MINUTE_MS)
    expect(await shop.status('buyer1', orderId)).toBe('unpaid')
    await clock().advance(4 * MINUTE_MS)
    expect(await shop.status('buyer1', orderId)).toBe('closed')
    expect(await shop.stock()).toEqual(inStock)
    expect(payments().get({ outTradeNo: orderId })).toMatchObject({ tradeState: 'CLOSED' })
  })

  it('it comes after the order was closed: the money goes back by itself, the order stays closed', async () => {
    const orderId = await shop.order('buyer1', 3)
    const prepared = await shop.prepare('buyer1', orderId)
    await shop.cloud.as('buyer1').ok('order/cancel', { orderId })
    await payments().pay(prepared, { evenIfClosed: true })
    await clock().advance(2 * MINUTE_MS)
    expect(await shop.status('buyer1', orderId)).toBe('closed')
    expect(refundedAt(orderId)).toMatchObject([{ refundFeeFen: 3 * PRICE_FEN, status: 'SUCCESS' }])
    expect(await shop.stock()).toEqual(inStock)
  })

  it('its callback comes twice: one effect', async () => {
    const orderId = await shop.order('buyer1', 3)
    const { attempts } = await payments().pay(await shop.prepare('buyer1', orderId), { callback: 'twice' })
    expect(attempts).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }])
    expect(await shop.status('buyer1', orderId)).toBe('paid')
    expect(await shop.stock()).toEqual({ onHand: UNITS - 3, reserved: 0, sold: 3 })
    const paid = (await shop.cloud.collection('outbox').all()).filter(({ type }) => type === 'order.paid')
    expect(paid).toHaveLength(1)
  })

  it('its callback never comes: the timer asks WeChat', async () => {
    const orderId = await shop.order('buyer1', 1)
    await payments().pay(await shop.prepare('buyer1', orderId), { callback: 'never' })
    expect(await shop.status('buyer1', orderId)).toBe('unpaid')
    await clock().advance(10 * MINUTE_MS)
    expect(await shop.status('buyer1', orderId)).toBe('paid')
  })

  it('its callback tells of another amount: what counts is what WeChat says when asked', async () => {
    const orderId = await shop.order('buyer1', 3)
    await payments().pay(await shop.prepare('buyer1', orderId), {
      callback: 'wrong-amount',
      callbackTotalFeeFen: 1,
    })
    expect(await shop.cloud.as('manager1').ok('payment/detail', { orderId })).toMatchObject({
      payment: { paidFen: 3 * PRICE_FEN },
    })
    expect(await shop.status('buyer1', orderId)).toBe('paid')
  })

  it('its callback is made up by a client: refused, nothing changes', async () => {
    const orderId = await shop.order('buyer1', 3)
    await shop.prepare('buyer1', orderId)
    const { ok, value } = { value: undefined, ...(await payments().forge({ outTradeNo: orderId })) }
    expect(ok).toBe(true)
    expect(value).not.toMatchObject({ errcode: 0 })
    const claim = {
      returnCode: 'SUCCESS',
      resultCode: 'SUCCESS',
      outTradeNo: orderId,
      totalFee: 3 * PRICE_FEN,
    }
    expect(await shop.cloud.as('buyer1').send('payment', claim)).not.toMatchObject({ errcode: 0 })
    expect(await shop.status('buyer1', orderId)).toBe('unpaid')
    expect(await shop.stock()).toMatchObject({ reserved: 3, sold: 0 })
  })

  it('its refund fails once: it is tried again under the same number and succeeds once', async () => {
    const orderId = await shop.order('buyer1', 3)
    await payments().pay(await shop.prepare('buyer1', orderId))
    payments().plans.add({ outTradeNo: orderId, error: 'SYSTEMERROR' })
    await shop.cloud.as('manager1').ok('payment/refund', {
      orderId,
      refundFen: 3 * PRICE_FEN,
      reason: '缺货',
      returnGoods: true,
    })
    expect(refundedAt(orderId)).toEqual([])
    await clock().advance(30 * MINUTE_MS)
    expect(refundedAt(orderId)).toMatchObject([{ refundFeeFen: 3 * PRICE_FEN, status: 'SUCCESS' }])
    expect(await shop.status('buyer1', orderId)).toBe('refunded')
    expect(await shop.stock()).toEqual(inStock)
  })
})
