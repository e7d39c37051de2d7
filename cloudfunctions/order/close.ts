import { type Context, refuse } from '../_kernel/index.ts'
import { factsOf, orderClosed } from './events.ts'
import { type CloseReason, type Order, transition } from './model.ts'
import { orders, replaceOrder } from './store.ts'

/**
 * Ends an unpaid order. What was held for it comes back through `order.closed`, which is written with the change:
 * a crash afterwards only delays it. A repeat with an already closed order changes nothing.
 */
export async function closeOrder(
  ctx: Context,
  orderId: string,
  closing: { reason: CloseReason; by: string; ownerId?: string },
): Promise<Order> {
  const atMs = ctx.clock.nowMs()
  return ctx.transaction(async (tx) => {
    const order = await tx.get(orders, orderId)
    if (closing.ownerId !== undefined && order._openid !== closing.ownerId) refuse('NOT_FOUND', { orderId })
    if (order.status === 'closed') return order
    const next = transition(
      order,
      'close',
      { atMs, by: closing.by },
      { closedAtMs: atMs, closeReason: closing.reason },
    )
    await replaceOrder(tx, order, next)
    await tx.emit(orderClosed, { ...factsOf(next), reason: closing.reason })
    return next
  })
}
