import { type Context, refuse } from '../_kernel/index.ts'
import { factsOf, orderCompleted } from './events.ts'
import { type Order, transition } from './model.ts'
import { orders, replaceOrder } from './store.ts'

/** Takes a shipped order as received, by its buyer or by time. A repeat changes nothing. */
export async function completeOrder(
  ctx: Context,
  orderId: string,
  completion: { by: string; ownerId?: string },
): Promise<Order> {
  const atMs = ctx.clock.nowMs()
  return ctx.transaction(async (tx) => {
    const order = await tx.get(orders, orderId)
    if (completion.ownerId !== undefined && order._openid !== completion.ownerId) {
      refuse('NOT_FOUND', { orderId })
    }
    if (order.status === 'completed') return order
    // Time asks about what it read a while ago: a request for money back may have stopped the days since.
    const isDue = order.autoConfirmAtMs !== null && order.autoConfirmAtMs <= atMs
    if (completion.ownerId === undefined && order.status === 'shipped' && !isDue) {
      refuse('ORDER_STATE', { orderId, autoConfirmAtMs: order.autoConfirmAtMs })
    }
    const next = transition(
      order,
      'confirm',
      { atMs, by: completion.by },
      { completedAtMs: atMs, autoConfirmAtMs: null },
    )
    await replaceOrder(tx, order, next)
    await tx.emit(orderCompleted, factsOf(next))
    return next
  })
}
