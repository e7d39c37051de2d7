/** Whatever happens in whatever order: money in = money kept + money back, and everybody tells the same story. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import type { Order } from '../order/model.ts'
import { openShop } from '../order/shop.fixture.ts'
import type { Payment } from './model.ts'
import type { Refund } from './refund-model.ts'

const callback = fc.constantFrom('normal' as const, 'never' as const, 'twice' as const, 'late' as const)
const refundStep = fc.record({
  do: fc.constant('refund' as const),
  refundFen: fc.integer({ min: 1, max: 6_000 }),
  returnGoods: fc.boolean(),
  twice: fc.boolean(),
})
const refusalStep = fc.record({
  do: fc.constant('refuse-refund' as const),
  plan: fc.constantFrom(
    { error: 'NOTENOUGH' },
    { error: 'SYSTEMERROR', acceptedAnyway: true },
    { status: 'REFUNDCLOSE' as const },
    { callback: 'never' as const },
    { callback: 'twice' as const },
  ),
})
const step = fc.oneof(
  fc.record({ do: fc.constant('prepare' as const) }),
  fc.record({ do: fc.constant('pay' as const), callback, evenIfClosed: fc.boolean() }),
  fc.record({ do: fc.constant('redeliver' as const) }),
  fc.record({ do: fc.constant('forge' as const), totalFeeFen: fc.integer({ min: 1, max: 20_000 }) }),
  fc.record({ do: fc.constant('cancel' as const) }),
  fc.record({ do: fc.constant('ship' as const) }),
  fc.record({ do: fc.constant('after-sale' as const), returnGoods: fc.boolean() }),
  { weight: 3, arbitrary: refundStep },
  { weight: 2, arbitrary: refusalStep },
  fc.record({
    do: fc.constant('lose-reply' as const),
    api: fc.constantFrom('queryOrder', 'refund', 'closeOrder'),
  }),
  fc.record({ do: fc.constant('time' as const), minutes: fc.constantFrom(0, 1, 5, 31, 600) }),
  fc.record({ do: fc.constant('jobs' as const) }),
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** How stories begin; with steps alone, most would never get to where money moves. */
const beginnings: Step[][] = [
  [],
  [{ do: 'prepare' }, { do: 'pay', callback: 'normal', evenIfClosed: false }],
  [{ do: 'prepare' }, { do: 'pay', callback: 'never', evenIfClosed: false }, { do: 'cancel' }],
  [{ do: 'prepare' }, { do: 'cancel' }, { do: 'pay', callback: 'late', evenIfClosed: true }],
]

it('keeps the money right through random payments, notices, closings and refunds', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 4, maxLength: 14 }),
      fc.constantFrom(...beginnings),
      async (random, beginning) => {
        const steps = [...beginning, ...random]
        const cloud = await unitCloud({ functions: { jobs: () => import('./jobs.fixture.ts') } })
        const shop = await openShop(cloud)
        const orderId = await shop.order('buyer1')
        for (const one of steps) {
          await take(cloud, orderId, one)
          await check(cloud, orderId)
        }
        // Left alone for two days, everything that can be decided is, and stock agrees with what was sold and came back.
        for (let hour = 0; hour < 48; hour += 6) {
          await cloud.clock.advance(6 * 3_600_000)
          await take(cloud, orderId, { do: 'jobs' })
        }
        await check(cloud, orderId)
        await checkSettled(cloud, orderId, shop.mug)
      },
    ),
    { numRuns: 20 },
  )
})

async function take(cloud: UnitCloud, orderId: string, one: Step): Promise<void> {
  const { payments } = cloud.wechat.control
  const buyer = cloud.as('buyer1')
  const admin = cloud.as('admin')
  const isKnown = payments.list({ outTradeNo: orderId }).length > 0
  switch (one.do) {
    case 'prepare':
      return void (await buyer.call('payment/prepare', { orderId }))
    case 'pay': {
      const view = payments.list({ outTradeNo: orderId })[0]
      const isOpen = view?.tradeState === 'NOTPAY' || (view?.tradeState === 'CLOSED' && one.evenIfClosed)
      if (isOpen) await payments.pay({ outTradeNo: orderId }, one)
      return
    }
    case 'redeliver':
      if (isKnown && payments.get({ outTradeNo: orderId }).notices.length > 0) {
        await payments.redeliver({ outTradeNo: orderId })
      }
      return
    case 'forge':
      if (isKnown) await payments.forge({ outTradeNo: orderId }, one)
      return
    case 'cancel':
      return void (await buyer.call('order/cancel', { orderId }))
    case 'ship':
      return void (await admin.call('order/ship', { orderId, carrier: 'SF', trackingNo: 'SF1000001' }))
    case 'after-sale':
      await buyer.call('order/applyAfterSale', { orderId, returnGoods: one.returnGoods, reason: 'no need' })
      return void (await admin.call('order/approveAfterSale', { orderId }))
    case 'refund': {
      const { refundFen, returnGoods } = one
      const input = { orderId, refundFen, returnGoods, reason: 'random' }
      const send = () =>
        admin.call('payment/refund', input, { requestId: `refund-${orderId.slice(-8)}-${refundFen}` })
      return void (await Promise.all(one.twice ? [send(), send()] : [send()]))
    }
    case 'refuse-refund':
      return payments.plans.add(one.plan)
    case 'lose-reply':
      return cloud.fail(`cloudPay.${one.api}`, { code: 'SYS_ERR', replyLost: true, times: 1 })
    case 'time':
      return cloud.clock.advance(one.minutes * 60_000)
    case 'jobs':
      for (const job of ['sweep', 'syncPayments', 'expire', 'syncRefunds'])
        await cloud.as('nobody').call(`jobs/${job}`)
      return cloud.clock.advance(1)
  }
}

async function read(cloud: UnitCloud, orderId: string) {
  // Raw documents that the functions wrote and parsed many times on the way.
  const order = (await cloud.collection('orders').get(orderId)) as unknown as Order
  const payment = (await cloud.collection('payments').get(orderId)) as unknown as Payment | undefined
  const refunds = (await cloud.collection('refunds').all()) as unknown as Refund[]
  const wechat = cloud.wechat.control.payments.list({ outTradeNo: orderId })[0]
  return { order, payment: payment ?? undefined, refunds, wechat }
}

/** True at every moment. */
async function check(cloud: UnitCloud, orderId: string): Promise<void> {
  const { order, payment, refunds, wechat } = await read(cloud, orderId)
  const sumOf = (...states: Refund['state'][]) =>
    refunds.filter(({ state }) => states.includes(state)).reduce((sum, { refundFen }) => sum + refundFen, 0)
  expect(sumOf('succeeded')).toBe(payment?.refundedFen ?? 0)
  expect(sumOf('pending', 'processing')).toBe(payment?.refundingFen ?? 0)
  expect((payment?.refundedFen ?? 0) + (payment?.refundingFen ?? 0)).toBeLessThanOrEqual(
    payment?.paidFen ?? 0,
  )
  expect(order.refundedFen).toBe(payment?.refundedFen ?? 0)
  expect(order.status === 'unpaid' || order.status === 'closed').toBe(order.paidFen === 0)
  if (order.paidFen > 0) expect(payment).toMatchObject({ state: 'paid', paidFen: order.payableFen })
  if (payment?.state === 'paid') expect(wechat?.transactionId).toBe(payment.transactionId)
  expect(order.status === 'refunded').toBe(order.paidFen > 0 && order.refundedFen === order.paidFen)
  for (const line of payment?.lines ?? []) expect(line.returning).toBeLessThanOrEqual(line.quantity)
  // What WeChat really moved back: never more than it took, and never less than we say.
  const movedFen = (wechat?.refunds ?? [])
    .filter(({ status }) => status === 'SUCCESS')
    .reduce((sum, { refundFeeFen }) => sum + refundFeeFen, 0)
  expect(movedFen).toBeLessThanOrEqual(payment?.paidFen ?? 0)
  expect(order.refundedFen).toBeLessThanOrEqual(movedFen)
}

/** True when time has passed. */
async function checkSettled(cloud: UnitCloud, orderId: string, mug: string): Promise<void> {
  const { order, payment, refunds, wechat } = await read(cloud, orderId)
  expect(order.status).not.toBe('unpaid')
  expect(payment?.state).not.toBe('pending')
  // Money for a closed order is on its way back, or back.
  const isPaid = wechat?.transactionId !== undefined
  if (isPaid && order.status === 'closed' && payment?.state === 'paid') {
    expect(payment.refundedFen + payment.refundingFen).toBe(payment.paidFen)
  }
  expect(refunds.filter(({ state }) => state === 'pending')).toEqual([])
  const returned = refunds
    .filter(({ state }) => state === 'succeeded')
    .flatMap(({ lines }) => lines)
    .reduce((sum, line) => sum + (line.skuId === mug ? line.quantity : 0), 0)
  const sold = order.paidFen > 0 ? 2 - returned : 0
  expect(await cloud.collection('stocks').get(mug)).toMatchObject({ onHand: 30 - sold, reserved: 0, sold })
}
