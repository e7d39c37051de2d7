/** Money on its way back: by operators, by after-sale requests, and what WeChat makes of it. */
import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { openShop, type Shop } from '../order/shop.fixture.ts'

const MINUTE_MS = 60_000

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
const run = (job: string) => cloud.as('nobody').ok<{ result: unknown }>(`jobs/${job}`)
const order = () => cloud.collection('orders').get(orderId)
const payment = () => cloud.collection('payments').get(orderId)
const stock = (skuId: string) => cloud.collection('stocks').get(skuId)
const refund = (input: object, requestId?: string) =>
  cloud
    .as('admin')
    .call<{ refundId: string; state: string }>(
      'payment/refund',
      { orderId, refundFen: 1_000, reason: 'damaged', ...input },
      requestId === undefined ? {} : { requestId },
    )
const onlyRefund = async () => (await cloud.collection('refunds').all())[0] ?? {}
/** WeChat settles and calls back. */
const settle = () => cloud.clock.advance(1)

describe('payment/refund', () => {
  it('gives part back: the order stays, and knows how much', async () => {
    expect(await refund({})).toMatchObject({ code: 0, data: { state: 'processing', failure: null } })
    expect(await payment()).toMatchObject({ refundingFen: 1_000, refundedFen: 0 })
    await settle()
    expect(await onlyRefund()).toMatchObject({ state: 'succeeded', reason: 'damaged', returnGoods: false })
    expect(await payment()).toMatchObject({ refundingFen: 0, refundedFen: 1_000 })
    expect(await order()).toMatchObject({ status: 'paid', refundedFen: 1_000 })
    expect(await stock(shop.mug)).toMatchObject({ sold: 2, onHand: 28 })
  })

  it('gives all back with the goods: the order is refunded, the stock is there again', async () => {
    await refund({ refundFen: totalFen, returnGoods: true })
    await settle()
    expect(await order()).toMatchObject({ status: 'refunded', refundedFen: totalFen })
    expect(await stock(shop.mug)).toMatchObject({ sold: 0, onHand: 30, reserved: 0 })
    const answer = await cloud.as('buyer1').ok('payment/query', { orderId })
    expect(answer).toMatchObject({ orderStatus: 'refunded', refundedFen: totalFen, refundingFen: 0 })
  })

  it.each([{ reason: 'lost' }, { returnGoods: true }, { refundFen: 999 }])(
    'refuses a request id that comes again with %o',
    async (other) => {
      await refund({}, 'refund-request-1')
      expect(await refund(other, 'refund-request-1')).toMatchObject({ error: 'REQUEST_ID_REUSED' })
      expect(await payment()).toMatchObject({ refundingFen: 1_000 })
    },
  )

  it('pays once however often the same request comes, and refuses its id for anything else', async () => {
    const replies = await Promise.all([1, 2, 3, 4].map(() => refund({}, 'refund-request-1')))
    expect(new Set(replies.map((reply) => reply.data?.refundId)).size).toBe(1)
    await settle()
    expect(pay().refunds()).toHaveLength(1)
    expect(await payment()).toMatchObject({ refundedFen: 1_000, refundingFen: 0 })
    expect(await refund({}, 'refund-request-1')).toMatchObject({ data: { state: 'succeeded' } })
    expect(await refund({ refundFen: 2 }, 'refund-request-1')).toMatchObject({ error: 'REQUEST_ID_REUSED' })
  })

  it('never gives back more than was paid, also when two operators try at once', async () => {
    const half = Math.ceil(totalFen / 2) + 1
    const replies = await Promise.all([refund({ refundFen: half }), refund({ refundFen: half })])
    expect(replies.map((reply) => ('error' in reply ? reply.error : 'ok')).sort()).toEqual([
      'REFUND_EXCEEDS_PAID',
      'ok',
    ])
    expect(await refund({ refundFen: totalFen })).toMatchObject({
      error: 'REFUND_EXCEEDS_PAID',
      details: { refundableFen: totalFen - half },
    })
  })

  it('takes no goods back twice, nor goods that were not bought', async () => {
    const mug = { returnGoods: true, lines: [{ skuId: shop.mug, quantity: 2 }] }
    expect(await refund(mug)).toMatchObject({ code: 0 })
    expect(await refund(mug)).toMatchObject({ error: 'RETURN_EXCEEDS_BOUGHT' })
    const other = { returnGoods: true, lines: [{ skuId: 'sku_other', quantity: 1 }] }
    expect(await refund(other)).toMatchObject({ error: 'RETURN_EXCEEDS_BOUGHT' })
    await settle()
    expect(await refund({ returnGoods: true })).toMatchObject({ code: 0 })
    await settle()
    expect(await stock(shop.mug)).toMatchObject({ onHand: 30, sold: 0 })
    expect(await stock(shop.shirt)).toMatchObject({ onHand: 20, sold: 0 })
  })

  it('counts goods that are named twice twice', async () => {
    const twice = (quantity: number) => [
      { skuId: shop.mug, quantity: 1 },
      { skuId: shop.mug, quantity },
    ]
    const returning = (quantity: number) => refund({ returnGoods: true, lines: twice(quantity) })
    expect(await returning(99)).toMatchObject({ error: 'RETURN_EXCEEDS_BOUGHT' })
    expect(await returning(1)).toMatchObject({ code: 0 })
    expect(await refund({ returnGoods: true, lines: twice(1).slice(1) })).toMatchObject({
      error: 'RETURN_EXCEEDS_BOUGHT',
    })
    await settle()
    expect(await stock(shop.mug)).toMatchObject({ onHand: 30, sold: 0 })
  })

  it('is for operators, for paid orders, and for amounts that are amounts', async () => {
    const input = { orderId, refundFen: 100, reason: 'because' }
    expect(await cloud.as('buyer1').refused('payment/refund', input)).toBe('FORBIDDEN')
    expect(await refund({ refundFen: 0 })).toMatchObject({ error: 'INVALID_INPUT' })
    expect(await refund({ refundFen: 1.5 })).toMatchObject({ error: 'INVALID_INPUT' })
    expect(await refund({ refundFen: -5 })).toMatchObject({ error: 'INVALID_INPUT' })
    expect(await refund({ orderId: 'ord_unknown' })).toMatchObject({ error: 'NOT_FOUND' })
    expect(await refund({ lines: [{ skuId: shop.mug, quantity: 1 }] })).toMatchObject({
      error: 'INVALID_INPUT',
    })
    const unpaid = await shop.order('buyer1')
    await cloud.as('buyer1').ok('payment/prepare', { orderId: unpaid })
    expect(await refund({ orderId: unpaid, refundFen: 1 })).toMatchObject({ error: 'REFUND_EXCEEDS_PAID' })
  })

  it('is written into the audit chain', async () => {
    await refund({})
    expect(await cloud.collection('audit_entries').all()).toContainEqual(
      expect.objectContaining({ action: 'payment.refund', subject: orderId }),
    )
  })
})

describe('a refund that WeChat does not take at first', () => {
  it('is sent again with the same number, after ever longer pauses', async () => {
    await pay().plans.add({ error: 'NOTENOUGH' })
    await pay().plans.add({ error: 'SYSTEMERROR' })
    expect(await refund({})).toMatchObject({ data: { state: 'pending', failure: 'NOTENOUGH' } })
    expect(await run('syncRefunds')).toEqual({ result: 0 })
    await cloud.clock.advance(MINUTE_MS)
    await run('syncRefunds')
    expect(await onlyRefund()).toMatchObject({ state: 'pending', attempts: 2 })
    await cloud.clock.advance(2 * MINUTE_MS)
    expect(await run('syncRefunds')).toEqual({ result: 1 })
    await settle()
    expect(await onlyRefund()).toMatchObject({ state: 'succeeded', round: 1 })
    expect(await payment()).toMatchObject({ refundedFen: 1_000, refundingFen: 0 })
  })

  it('pays once when WeChat did take it but said it had not', async () => {
    await pay().plans.add({ error: 'SYSTEMERROR', acceptedAnyway: true })
    await refund({})
    await settle()
    expect(await onlyRefund()).toMatchObject({ state: 'succeeded' })
    expect(pay().refunds()).toHaveLength(1)
    expect(await payment()).toMatchObject({ refundedFen: 1_000, refundingFen: 0 })
  })

  it('pays once when the reply was lost, or we stopped before keeping it', async () => {
    cloud.fail('cloudPay.refund', { code: 'SYS_ERR', replyLost: true, times: 3 })
    expect(await refund({})).toMatchObject({ data: { state: 'pending', failure: 'no answer' } })
    await settle()
    await cloud.clock.advance(MINUTE_MS)
    await run('syncRefunds')
    expect(await onlyRefund()).toMatchObject({ state: 'succeeded' })
    expect(pay().refunds()).toHaveLength(1)
  })

  it('fails for good after many tries, frees the money, and an operator may take it up again', async () => {
    for (let i = 0; i < 8; i++) await pay().plans.add({ error: 'NOTENOUGH' })
    await refund({})
    for (let i = 0; i < 7; i++) {
      await cloud.clock.advance(60 * MINUTE_MS)
      await run('syncRefunds')
    }
    const { _id: refundId } = await onlyRefund()
    expect(await onlyRefund()).toMatchObject({ state: 'failed', failure: 'NOTENOUGH', dueAtMs: null })
    expect(await payment()).toMatchObject({ refundingFen: 0, refundedFen: 0, refundCount: 0 })
    const { items } = await cloud.as('admin').ok<{ items: unknown[] }>('payment/refunds', { state: 'failed' })
    expect(items).toMatchObject([{ _id: refundId }])
    expect(await cloud.as('buyer1').refused('payment/retryRefund', { refundId })).toBe('FORBIDDEN')
    expect(await cloud.as('admin').ok('payment/retryRefund', { refundId })).toMatchObject({
      state: 'processing',
    })
    await settle()
    expect(await payment()).toMatchObject({ refundingFen: 0, refundedFen: 1_000 })
  })
})

describe('payment/detail', () => {
  it('shows operators a payment with its refunds', async () => {
    await refund({})
    expect(await cloud.as('admin').ok('payment/detail', { orderId })).toMatchObject({
      payment: { _id: orderId, state: 'paid' },
      refunds: [{ refundFen: 1_000 }],
    })
    expect(await cloud.as('admin').refused('payment/detail', { orderId: 'ord_unknown' })).toBe('NOT_FOUND')
    for (const route of ['detail', 'list', 'refunds', 'reconciliations']) {
      expect(
        await cloud.as('buyer1').refused(`payment/${route}`, route === 'detail' ? { orderId } : {}),
      ).toBe('FORBIDDEN')
    }
  })
})
