/** What other capabilities may use of `flashsale`. */
import { type Consumer, defineConsumer } from '../_kernel/index.ts'
import { giveBackHot, settleHot } from '../inventory/public.ts'
import { orderClosed, orderPaid } from '../order/public.ts'

export { sweepFlashSales } from './sweep.ts'

const settle = defineConsumer('flashsale.settle', orderPaid, async ({ payload }, ctx) => {
  const { kind, hotId: shardId, userId, orderId } = payload
  if (kind === 'flash' && shardId !== undefined) await settleHot(ctx, { shardId, userId, orderId })
})

const giveBack = defineConsumer('flashsale.give-back', orderClosed, async ({ payload }, ctx) => {
  const { kind, hotId: shardId, userId, orderId } = payload
  if (kind === 'flash' && shardId !== undefined) await giveBackHot(ctx, { shardId, userId, orderId })
})

export const consumers: Consumer[] = [settle, giveBack]
