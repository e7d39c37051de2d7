/** How a refund ends: by WeChat's notice, true or forged, and what an after-sale request has of it. */
import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { openShop, type Shop } from '../order/shop.fixture.ts'

let cloud: UnitCloud
let shop: Shop
let orderId: string
let totalFen: number

beforeEach(async () => {
  cloud = await unitCloud({ functions: { jobs: () => import('./jobs.fixture.ts') } })
  shop = await openShop(cloud)
  orderId = await shop.paidOrder('buyer1')
  totalFen = shop.shirtFen + 2 * shop.mugFen
})

const pay = () => cloud.wechat.control.payments
const order = () => cloud.collection('orders').get(orderId)
const payment = () => cloud.collection('payments').get(orderId)
const stock = (skuId: string) => cloud.collection('stocks').get(skuId)
const onlyRefund = async () => (await cloud.collection('refunds').all())[0] ?? {}
const refund = (input: object) =>
  cloud
    .as('admin')
    .ok<{ refundId: string }>('payment/refund', { orderId, refundFen: 1_000, reason: 'late', ...input })
/** WeChat settles and calls back. */
const settle = () => cloud.clock.advance(1)

describe('a refund notice', () => {
  it('that WeChat closed the refund begins another round with a fresh number', async () => {
    await pay().plans.add({ status: 'REFUNDCLOSE' })
    await refund({ refundFen: totalFen })
    await settle()
    expect(await onlyRefund()).toMatchObject({ state: 'pending', round: 2, failure: 'REFUNDCLOSE' })
    await cloud.clock.advance(60_000)
    await cloud.as('nobody').ok('jobs/syncRefunds')
    await settle()
    expect(await onlyRefund()).toMatchObject({ state: 'succeeded', round: 2 })
    expect(await order()).toMatchObject({ status: 'refunded', refundedFen: totalFen })
    const { refunds } = pay().get({ outTradeNo: orderId })
    expect(refunds.filter(({ status }) => status === 'SUCCESS')).toHaveLength(1)
  })

  it('that the money could not be delivered leaves it to operators', async () => {
    await pay().plans.add({ status: 'CHANGE' })
    await refund({})
    await settle()
    expect(await onlyRefund()).toMatchObject({ state: 'failed', failure: expect.stringContaining('CHANGE') })
    expect(await payment()).toMatchObject({ refundingFen: 0, refundedFen: 0 })
  })

  it('may come twice', async () => {
    await pay().plans.add({ callback: 'twice' })
    await refund({})
    await settle()
    expect(await payment()).toMatchObject({ refundedFen: 1_000 })
    await pay().redeliver({ outTradeNo: orderId })
    expect(await payment()).toMatchObject({ refundedFen: 1_000, refundingFen: 0 })
    expect(await order()).toMatchObject({ refundedFen: 1_000 })
  })

  it('is not believed from a client, or without the number that only WeChat knows', async () => {
    await pay().plans.add({ callback: 'never' })
    const { refundId } = await refund({})
    const { wechatRefundId } = await onlyRefund()
    const event = {
      ...{
        returnCode: 'SUCCESS',
        outTradeNo: orderId,
        outRefundNo: refundId,
        refundId: wechatRefundId,
      },
      ...{
        refundFee: 1_000,
        totalFee: totalFen,
        refundStatus: 'SUCCESS',
        successTime: '2026-01-05 10:00:00',
      },
    }
    expect(await cloud.as('buyer1').send('payment', event)).toMatchObject({ errcode: 1 })
    for (const wrong of [
      { refundId: '50300' },
      { refundFee: 999 },
      { totalFee: 1 },
      { outTradeNo: 'x' },
      { outRefundNo: 'x' },
      { refundStatus: 'YES' },
    ]) {
      expect(await cloud.asPlatform('payment', { ...event, ...wrong })).toMatchObject({ errcode: 1 })
    }
    expect(await onlyRefund()).toMatchObject({ state: 'processing' })
    expect(await cloud.asPlatform('payment', snakeCase(event))).toMatchObject({ errcode: 0 })
    expect(await onlyRefund()).toMatchObject({ state: 'succeeded' })
  })
})

describe('an after-sale request', () => {
  const apply = (input: object) =>
    cloud
      .as('buyer1')
      .ok('order/applyAfterSale', { orderId, returnGoods: false, reason: 'too small', ...input })

  it('approved before shipping gives the money and the goods back', async () => {
    await apply({})
    expect(await cloud.as('admin').ok('order/approveAfterSale', { orderId })).toMatchObject({
      refundFen: totalFen,
    })
    await settle()
    expect(await order()).toMatchObject({
      status: 'refunded',
      afterSaleStatus: 'refunded',
      refundedFen: totalFen,
    })
    expect(await stock(shop.mug)).toMatchObject({ onHand: 30, sold: 0 })
  })

  it('of one line after shipping gives its worth and its goods back', async () => {
    await cloud.as('admin').ok('order/ship', { orderId, carrier: 'SF', trackingNo: 'SF1000001' })
    await apply({ returnGoods: true, lines: [{ skuId: shop.mug, quantity: 1 }] })
    await cloud.as('admin').ok('order/approveAfterSale', { orderId })
    await settle()
    expect(await order()).toMatchObject({
      status: 'shipped',
      afterSaleStatus: 'refunded',
      refundedFen: shop.mugFen,
    })
    expect(await stock(shop.mug)).toMatchObject({ onHand: 29, sold: 1 })
  })

  it('gives back only what an operator has not given back meanwhile', async () => {
    await apply({})
    await refund({ refundFen: totalFen - 7 })
    await cloud.as('admin').ok('order/approveAfterSale', { orderId })
    await settle()
    expect(await payment()).toMatchObject({ refundedFen: totalFen, refundingFen: 0 })
    expect(await order()).toMatchObject({ status: 'refunded' })
  })
})

function snakeCase(event: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  )
}
