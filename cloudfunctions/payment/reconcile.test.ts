import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { openShop, type Shop } from '../order/shop.fixture.ts'

const DAY = '20260105'
const HOUR_MS = 3_600_000

let cloud: UnitCloud
let shop: Shop

beforeEach(async () => {
  cloud = await unitCloud()
  shop = await openShop(cloud)
})

const pay = () => cloud.wechat.control.payments
const reconcile = (day = DAY) =>
  cloud.as('admin').ok<{ state: string; differences: { kind: string }[] }>('payment/reconcile', { day })

async function paidOrder(callback: 'normal' | 'never' = 'normal'): Promise<string> {
  const orderId = await shop.order('buyer1')
  await cloud.as('buyer1').ok('payment/prepare', { orderId })
  await pay().pay({ outTradeNo: orderId }, { callback })
  return orderId
}

async function refundOf(orderId: string, refundFen: number): Promise<void> {
  await cloud.as('admin').ok('payment/refund', { orderId, refundFen, reason: 'test' })
  await cloud.clock.advance(1)
}

const nextMorning = () => cloud.clock.advance(25 * HOUR_MS)

describe('the daily reconciliation', () => {
  it('finds nothing where books and bill agree', async () => {
    const first = await paidOrder()
    await paidOrder()
    await refundOf(first, 500)
    await nextMorning()
    expect(await reconcile()).toMatchObject({
      state: 'clean',
      payments: { count: 2, fen: 2 * (shop.shirtFen + 2 * shop.mugFen) },
      refunds: { count: 1, fen: 500 },
      differences: [],
    })
  })

  it('settles a payment whose notice was lost', async () => {
    const orderId = await paidOrder('never')
    await nextMorning()
    expect(await reconcile()).toMatchObject({
      state: 'repaired',
      differences: [{ kind: 'payment-not-settled', orderId, repaired: true }],
    })
    expect(await cloud.collection('orders').get(orderId)).toMatchObject({ status: 'paid' })
    expect(await reconcile()).toMatchObject({ state: 'clean' })
    expect(await cloud.collection('reconciliations').all()).toHaveLength(1)
  })

  it('settles a refund whose notice was lost, on the day that it happened', async () => {
    const orderId = await paidOrder()
    await pay().plans.add({ callback: 'never' })
    await refundOf(orderId, 700)
    await nextMorning()
    expect(await reconcile()).toMatchObject({
      state: 'repaired',
      differences: [{ kind: 'refund-not-settled', orderId, hereFen: 700, billFen: 700, repaired: true }],
    })
    expect(await cloud.collection('payments').get(orderId)).toMatchObject({
      refundedFen: 700,
      refundingFen: 0,
    })
    expect(await reconcile()).toMatchObject({ state: 'clean' })
  })

  it('writes down for operators what only one side knows, and other amounts', async () => {
    const orderId = await paidOrder()
    const other = await paidOrder()
    await refundOf(orderId, 100)
    const lost = await cloud.collection('payments').get(orderId)
    await cloud.collection('payments').remove(orderId)
    await cloud.collection('payments').insert({ ...lost, _id: 'ord_not_in_the_bill' })
    const changed = await cloud.collection('payments').get(other)
    await cloud.collection('payments').remove(other)
    await cloud.collection('payments').insert({ ...changed, _id: other, paidFen: 1 })
    const [refund] = await cloud.collection('refunds').all()
    await cloud.collection('refunds').remove(String(refund?._id))
    await cloud.collection('refunds').insert({ ...refund, _id: 'rf_not_in_the_bill' })
    await nextMorning()
    const { state, differences } = await reconcile()
    expect(state).toBe('open')
    expect(differences.map(({ kind }) => kind).sort()).toEqual([
      'payment-amount',
      'payment-not-in-bill',
      'payment-unknown-here',
      'refund-not-in-bill',
      'refund-unknown-here',
    ])
    const { items } = await cloud.as('admin').ok<{ items: unknown[] }>('payment/reconciliations')
    expect(items).toMatchObject([{ day: DAY, state: 'open', differenceCount: 5 }])
  })

  it('waits for the bill, and takes no bill at ten for a day without trade', async () => {
    await cloud.clock.advance(15 * HOUR_MS)
    expect(await reconcile()).toMatchObject({ state: 'waiting' })
    expect(await cloud.collection('reconciliations').all()).toEqual([])
    await cloud.clock.advance(10 * HOUR_MS)
    expect(await reconcile('2026-01-05')).toMatchObject({ state: 'clean' })
  })

  it('refuses days that are not over or do not exist, and callers who may not', async () => {
    expect(await cloud.as('admin').refused('payment/reconcile', { day: DAY })).toBe('INVALID_INPUT')
    expect(await cloud.as('admin').refused('payment/reconcile', { day: '20260231' })).toBe('INVALID_INPUT')
    expect(await cloud.as('buyer1').refused('payment/reconcile', { day: DAY })).toBe('FORBIDDEN')
  })
})
