import { expect, it } from 'vitest'
import * as z from 'zod'
import { unitCloud } from '../../test/support/unit.ts'
import { defineFunction, defineRoute } from '../_kernel/index.ts'
import { completeOrder } from './complete.ts'
import { openShop } from './shop.fixture.ts'

const TEN_DAYS_MS = 10 * 86_400_000

/** What the timer does to one of the orders that it has read as due. */
const byTimer = defineRoute({
  summary: 'completes an order',
  input: z.object({ orderId: z.string() }),
  access: 'public',
  handle: ({ orderId }, ctx) => completeOrder(ctx, orderId, { by: 'timer' }),
})

it('does not take an order as received that a request for money back stopped just now', async () => {
  const main = defineFunction('time', { complete: byTimer })
  const cloud = await unitCloud({ functions: { time: async () => ({ main }) } })
  const orderId = await (await openShop(cloud)).paidOrder('buyer1')
  await cloud.as('admin').ok('order/ship', { orderId, carrier: 'SF', trackingNo: 'SF1000001' })
  await cloud.clock.advance(TEN_DAYS_MS)
  const request = { orderId, returnGoods: false, reason: 'broken' }
  await cloud.as('buyer1').ok('order/applyAfterSale', request)
  expect(await cloud.as('nobody').refused('time/complete', { orderId })).toBe('ORDER_STATE')
  await cloud.as('buyer1').ok('order/cancelAfterSale', { orderId })
  await cloud.clock.advance(86_400_000)
  expect(await cloud.as('nobody').ok('time/complete', { orderId })).toMatchObject({ status: 'completed' })
})
