/** What other capabilities may use of `order`. Everything here works inside the caller's own function. */
import type { Context, Tx } from '../_kernel/index.ts'
import { refuse } from '../_kernel/index.ts'
import { confirmsAt } from './after-sale.ts'
import { factsOf, orderPaid } from './events.ts'
import { draftOrder, type Order, type OrderLine, transition } from './model.ts'
import { getOwnOrder, orders, replaceOrder } from './store.ts'

/** What partners may call, loaded when the first of them calls. */
export const partnerRoutes = async () => (await import('./partner-routes.ts')).routes

export { confirmDeliveredOrders, expireUnpaidOrders } from './due.ts'
export {
  afterSaleApproved,
  afterSaleRejected,
  orderClosed,
  orderCompleted,
  orderCreated,
  orderPaid,
  orderShipped,
} from './events.ts'
export type { Order, OrderLine } from './model.ts'
export { eraseUser, exportUser, openOrders } from './privacy.ts'
export { setOrderAddress } from './store.ts'

/**
 * Writes the order that a taken flash unit promises: one database call. The caller derives `orderId` from buyer and
 * request, so a repeat finds the first order. Without an event: nobody reacts to the creation of a flash order.
 */
export async function placeFlashOrder(
  ctx: Context,
  flash: {
    orderId: string
    saleId: string
    hotId: string
    userId: string
    line: OrderLine
    payBeforeMs: number
  },
): Promise<'placed' | 'exists'> {
  const order = draftOrder({
    orderId: flash.orderId,
    userId: flash.userId,
    kind: 'flash',
    lines: [flash.line],
    address: null,
    nowMs: ctx.clock.nowMs(),
    payBeforeMs: flash.payBeforeMs,
    saleId: flash.saleId,
    hotId: flash.hotId,
  })
  return (await ctx.db.insertIfAbsent(orders, order)) ? 'placed' : 'exists'
}

/** The caller's own order; NOT_FOUND for a stranger's. */
export function getOrderForPayment(ctx: Context, orderId: string): Promise<Order> {
  return getOwnOrder(ctx, orderId)
}

/** Without an owner check: for callbacks, timers and operators only. */
export function findOrder(ctx: Context, orderId: string): Promise<Order | undefined> {
  return ctx.db.find(orders, orderId)
}

/**
 * Within the transaction that settles the payment. `already` is said of an order that was paid before, `closed` of one
 * that the money came too late for: nothing is written then, and the money must go back.
 */
export async function markPaid(
  tx: Tx,
  orderId: string,
  payment: { paidFen: number; transactionId: string; paidAtMs: number },
): Promise<'paid' | 'already' | 'closed'> {
  const order = await tx.get(orders, orderId)
  if (order.status === 'closed') return 'closed'
  if (order.status !== 'unpaid') return 'already'
  if (payment.paidFen !== order.payableFen) refuse('PAYMENT_STATE', { orderId, reason: 'amount' })
  const next = transition(order, 'pay', { atMs: tx.context.clock.nowMs(), by: 'payment' }, payment)
  await replaceOrder(tx, order, next)
  await tx.emit(orderPaid, { ...factsOf(next), paidAtMs: payment.paidAtMs })
  return 'paid'
}

/** Within the transaction that settles the refund. `full`: all that was paid is back now. */
export async function markRefunded(
  tx: Tx,
  orderId: string,
  refund: { refundId: string; refundFen: number; full: boolean; afterSaleId?: string | null },
): Promise<void> {
  const order = await tx.get(orders, orderId)
  const by = { atMs: tx.context.clock.nowMs(), by: refund.refundId }
  const { afterSale } = order
  const endsAfterSale =
    afterSale !== null &&
    (afterSale.id === refund.afterSaleId ||
      (refund.full && (afterSale.status === 'requested' || afterSale.status === 'approved')))
  const next = transition(order, refund.full ? 'refund' : 'refund-part', by, {
    refundedFen: order.refundedFen + refund.refundFen,
    ...(refund.full ? { autoConfirmAtMs: null } : {}),
    ...(endsAfterSale
      ? { afterSale: { ...afterSale, status: 'refunded' }, afterSaleStatus: 'refunded' }
      : {}),
    // The request had stopped the days until the order confirms itself; what the buyer keeps is taken as received again.
    ...(endsAfterSale && !refund.full && order.status === 'shipped'
      ? { autoConfirmAtMs: confirmsAt(order, by.atMs) }
      : {}),
  })
  await replaceOrder(tx, order, next)
}

/** Which of `ids` are orders that may still want what is held for them: any but closed ones, which never come back. */
export async function ordersHolding(ctx: Context, ids: readonly string[]): Promise<Set<string>> {
  const found = await ctx.db.findMany(orders, ids)
  return new Set(found.filter(({ status }) => status !== 'closed').map(({ _id }) => _id))
}
