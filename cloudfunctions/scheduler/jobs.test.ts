/** Jobs that have much to do. */
import { expect, it } from 'vitest'
import { unitCloud } from '../../test/support/unit.ts'
import { openShop } from '../order/shop.fixture.ts'

const MINUTE_MS = 60_000

it('delivers all events that wait, not a fixed number each minute', async () => {
  const cloud = await unitCloud()
  const dueAtMs = cloud.clock.nowMs()
  const events = Array.from({ length: 50 }, (_, i) => ({
    _id: `evt_${i}`,
    type: 'nobody.listens',
    payload: {},
    occurredAtMs: dueAtMs,
    traceId: 'trace-1',
    status: 'pending',
    doneBy: [],
    attempts: 0,
    dueAtMs,
  }))
  await cloud.collection('outbox').insert(...events)
  await cloud.asTimer('scheduler', 'everyMinute')
  const stored = await cloud.collection('outbox').all()
  expect(stored.filter(({ status }) => status === 'done')).toHaveLength(50)
})

it('asks about every payment that waits, and closes every order that nobody paid', async () => {
  const cloud = await unitCloud()
  const shop = await openShop(cloud)
  await cloud.as('admin').ok('inventory/restock', { skuId: shop.mug, quantity: 100 })
  for (let i = 0; i < 45; i++) {
    const orderId = await shop.order(`buyer${i}`, [{ skuId: shop.mug, quantity: 1 }])
    await cloud.as(`buyer${i}`).ok('payment/prepare', { orderId })
  }
  await cloud.clock.advance(30 * MINUTE_MS)
  await cloud.asTimer('scheduler', 'everyMinute')
  const payments = await cloud.collection('payments').all()
  const orders = await cloud.collection('orders').all()
  expect(payments.filter(({ checks }) => checks === 0)).toEqual([])
  expect(orders.filter(({ status }) => status !== 'closed')).toEqual([])
  expect(await cloud.collection('stocks').get(shop.mug)).toMatchObject({ reserved: 0 })
})
