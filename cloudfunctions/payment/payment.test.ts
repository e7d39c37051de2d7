/** From a prepared payment to its settlement, and what can go wrong on the way. */
import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { openShop, type Shop } from '../order/shop.fixture.ts'

const MINUTE_MS = 60_000

let cloud: UnitCloud
let shop: Shop
let orderId: string

beforeEach(async () => {
  cloud = await unitCloud({ functions: { jobs: () => import('./jobs.fixture.ts') } })
  shop = await openShop(cloud)
  orderId = await shop.order('buyer1')
})

const payments = () => cloud.wechat.control.payments
const run = (job: string) => cloud.as('nobody').ok<{ result: unknown }>(`jobs/${job}`)
const prepare = () => cloud.as('buyer1').ok('payment/prepare', { orderId })
const order = () => cloud.collection('orders').get(orderId)
const payment = () => cloud.collection('payments').get(orderId)
const payableFen = () => shop.shirtFen + 2 * shop.mugFen

describe('a payment notice', () => {
  beforeEach(prepare)

  it('settles payment, order and stock with one answer', async () => {
    const { attempts } = await payments().pay({ outTradeNo: orderId })
    expect(attempts).toMatchObject([{ outcome: 'accepted' }])
    const { transactionId } = payments().get({ outTradeNo: orderId })
    expect(await payment()).toMatchObject({
      state: 'paid',
      paidFen: payableFen(),
      transactionId,
      dueAtMs: null,
    })
    expect(await order()).toMatchObject({ status: 'paid', paidFen: payableFen(), transactionId })
    expect(await cloud.collection('stocks').get(shop.mug)).toMatchObject({ onHand: 28, reserved: 0, sold: 2 })
  })

  it('may come twice, also at the same time', async () => {
    const { payment: paid } = await payments().pay({ outTradeNo: orderId }, { callback: 'never' })
    const [notice] = paid.notices
    const answers = await Promise.all([1, 2, 3].map(() => cloud.asPlatform('payment', notice?.event ?? {})))
    expect(answers).toEqual([1, 2, 3].map(() => ({ errcode: 0, errmsg: 'ok' })))
    expect(await order()).toMatchObject({ version: 2, status: 'paid' })
    expect(await cloud.collection('stocks').get(shop.mug)).toMatchObject({ sold: 2 })
  })

  it('is not believed when a client sends it, nor when nobody paid', async () => {
    const { forged } = await payments().pay({ outTradeNo: orderId }, { callback: 'forged' })
    expect(forged).toMatchObject({ ok: true, value: { errcode: 1 } })
    const event = {
      returnCode: 'SUCCESS',
      resultCode: 'SUCCESS',
      outTradeNo: orderId,
      totalFee: payableFen(),
    }
    expect(await cloud.asPlatform('payment', event)).toMatchObject({ errcode: 1 })
    expect(await cloud.asPlatform('payment', { ...event, outTradeNo: 'ord_unknown' })).toMatchObject({
      errcode: 1,
    })
    expect(await cloud.asPlatform('payment', { returnCode: 'FAIL', outTradeNo: orderId })).toMatchObject({
      errcode: 1,
    })
    expect(await order()).toMatchObject({ status: 'unpaid', version: 1 })
    expect(await payment()).toMatchObject({ state: 'pending', paidFen: 0 })
  })

  it('that claims another amount changes nothing about what was really paid', async () => {
    await payments().pay({ outTradeNo: orderId }, { callback: 'wrong-amount', callbackTotalFeeFen: 1 })
    expect(await payment()).toMatchObject({ state: 'paid', paidFen: payableFen() })
    expect(await order()).toMatchObject({ status: 'paid', paidFen: payableFen() })
  })

  it('about money of another amount settles nothing and is flagged for operators', async () => {
    cloud.override('cloudPay.queryOrder', () => ({
      ...{ returnCode: 'SUCCESS', resultCode: 'SUCCESS', tradeState: 'SUCCESS', outTradeNo: orderId },
      ...{ totalFee: 1, transactionId: '42', timeEnd: '20260105101500' },
    }))
    const event = {
      returnCode: 'SUCCESS',
      resultCode: 'SUCCESS',
      outTradeNo: orderId,
      totalFee: payableFen(),
    }
    expect(await cloud.asPlatform('payment', event)).toMatchObject({ errcode: 0 })
    expect(await order()).toMatchObject({ status: 'unpaid' })
    const { items } = await cloud.as('admin').ok<{ items: unknown[] }>('payment/list', { state: 'mismatch' })
    expect(items).toMatchObject([{ _id: orderId, paidFen: 1, amountFen: payableFen() }])
    const audit = await cloud.collection('audit_entries').all()
    expect(audit).toContainEqual(expect.objectContaining({ action: 'payment.mismatch', subject: orderId }))
  })

  it('for an order of another price settles nothing', async () => {
    await cloud.collection('orders').set(orderId, { payableFen: payableFen() + 1 })
    await payments().pay({ outTradeNo: orderId })
    expect(await cloud.as('buyer1').refused('payment/query', { orderId })).toBe('PAYMENT_STATE')
    expect(await order()).toMatchObject({ status: 'unpaid' })
    expect(await payment()).toMatchObject({ state: 'pending', paidFen: 0 })
  })

  it('settles once when we stop after the commit and before the answer', async () => {
    const { payment: paid } = await payments().pay({ outTradeNo: orderId }, { callback: 'never' })
    const notice = paid.notices[0]?.event ?? {}
    cloud.fail('database.commitTransaction', { code: 'SYS_ERR', replyLost: true })
    await expect(cloud.asPlatform('payment', notice)).rejects.toThrow()
    expect(await order()).toMatchObject({ status: 'paid', version: 2 })
    expect(await cloud.asPlatform('payment', notice)).toMatchObject({ errcode: 0 })
    expect(await order()).toMatchObject({ version: 2 })
    await cloud.clock.advance(5 * MINUTE_MS)
    await run('sweep')
    expect(await cloud.collection('stocks').get(shop.mug)).toMatchObject({ sold: 2, reserved: 0 })
  })

  it('fails, so that it is repeated, when the truth could not be stored', async () => {
    const { payment: paid } = await payments().pay({ outTradeNo: orderId }, { callback: 'never' })
    cloud.fail('cloudPay.queryOrder', { code: 'SYS_ERR', times: 9 })
    await expect(cloud.asPlatform('payment', paid.notices[0]?.event ?? {})).rejects.toThrow()
    expect(await order()).toMatchObject({ status: 'unpaid' })
  })
})

describe('a payment without a notice', () => {
  beforeEach(prepare)

  it("is settled when the buyer's page asks", async () => {
    await payments().pay({ outTradeNo: orderId }, { callback: 'never' })
    expect(await cloud.as('buyer1').ok('payment/query', { orderId })).toMatchObject({
      ...{ orderStatus: 'paid', paymentState: 'paid', paidFen: payableFen(), refundedFen: 0 },
    })
    expect(await cloud.as('buyer2').refused('payment/query', { orderId })).toBe('NOT_FOUND')
  })

  it('is settled by the timer', async () => {
    await payments().pay({ outTradeNo: orderId }, { callback: 'never' })
    expect(await run('syncPayments')).toEqual({ result: 0 })
    await cloud.clock.advance(MINUTE_MS)
    expect(await run('syncPayments')).toEqual({ result: 1 })
    expect(await order()).toMatchObject({ status: 'paid' })
  })

  it('that never comes ends with the order: closed here and at WeChat, stock back', async () => {
    await cloud.clock.advance(30 * MINUTE_MS)
    expect(await run('expire')).toEqual({ result: 1 })
    expect(await order()).toMatchObject({ status: 'closed', closeReason: 'expired' })
    expect(await payment()).toMatchObject({ state: 'closed', dueAtMs: null })
    expect(payments().get({ outTradeNo: orderId })).toMatchObject({ tradeState: 'CLOSED' })
    expect(await cloud.collection('stocks').get(shop.mug)).toMatchObject({ onHand: 30, reserved: 0, sold: 0 })
  })

  it('is closed by the timer when WeChat did not answer at first', async () => {
    cloud.fail('cloudPay.closeOrder', { code: 'SYS_ERR', times: 3 })
    await cloud.as('buyer1').ok('order/cancel', { orderId })
    expect(await payment()).toMatchObject({ state: 'pending' })
    await cloud.clock.advance(40 * MINUTE_MS)
    await run('syncPayments')
    expect(await payment()).toMatchObject({ state: 'closed' })
  })

  it('that WeChat never heard of is given up in the end, after ever longer pauses', async () => {
    cloud.override('cloudPay.queryOrder', () => ({
      returnCode: 'SUCCESS',
      resultCode: 'FAIL',
      errCodeDes: '不存在',
    }))
    cloud.override('cloudPay.closeOrder', () => ({
      returnCode: 'SUCCESS',
      resultCode: 'FAIL',
      errCodeDes: '不存在',
    }))
    for (let i = 0; i < 25; i++) {
      await cloud.clock.advance(6 * 60 * MINUTE_MS)
      await run('syncPayments')
    }
    expect(await payment()).toMatchObject({ state: 'closed', checks: 20 })
  })
})

describe('a payment that arrives after the order was closed', () => {
  beforeEach(prepare)

  it('goes back by itself, and the order stays closed', async () => {
    await payments().pay({ outTradeNo: orderId }, { callback: 'never' })
    await cloud.as('buyer1').ok('order/cancel', { orderId })
    await cloud.clock.advance(1)
    const [refund] = await cloud.collection('refunds').all()
    expect(refund).toMatchObject({
      state: 'succeeded',
      refundFen: payableFen(),
      returnGoods: false,
      lines: [],
    })
    expect(await payment()).toMatchObject({ state: 'paid', refundedFen: payableFen(), refundingFen: 0 })
    expect(await order()).toMatchObject({ status: 'closed', refundedFen: payableFen() })
    expect(await cloud.collection('stocks').get(shop.mug)).toMatchObject({ onHand: 30, reserved: 0, sold: 0 })
  })

  it('or at the same moment is either kept for the order or goes back, never both or neither', async () => {
    for (let i = 0; i < 5; i++) {
      orderId = await shop.order('buyer1', [{ skuId: shop.mug, quantity: 1 }])
      await prepare()
      const { payment: paid } = await payments().pay({ outTradeNo: orderId }, { callback: 'never' })
      await Promise.all([
        cloud.as('buyer1').call('order/cancel', { orderId }),
        cloud.asPlatform('payment', paid.notices[0]?.event ?? {}),
        cloud.as('buyer1').call('payment/query', { orderId }),
      ])
      await cloud.clock.advance(1)
      const isKept = (await order())?.status === 'paid'
      expect(await order()).toMatchObject({ status: isKept ? 'paid' : 'closed' })
      expect(await payment()).toMatchObject({ state: 'paid', refundedFen: isKept ? 0 : shop.mugFen })
    }
  })

  it('goes back also when only a late notice tells of it', async () => {
    await cloud.as('buyer1').ok('order/cancel', { orderId })
    await payments().pay({ outTradeNo: orderId }, { evenIfClosed: true })
    await cloud.clock.advance(1)
    expect(await order()).toMatchObject({ status: 'closed', refundedFen: payableFen() })
    await payments().redeliver({ outTradeNo: orderId })
    expect(await cloud.collection('refunds').all()).toHaveLength(1)
  })
})
