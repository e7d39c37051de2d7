/** The collections of `order`, and the changes that more than one route makes. */
import { type Collection, type Context, collection, refuse, type Tx } from '../_kernel/index.ts'
import { getAddress } from '../user/public.ts'
import { type Order, orderSchema, snapshotAddress, transition } from './model.ts'

export const orders: Collection<Order> = collection('orders', orderSchema)

/** A stranger's order is as good as none: NOT_FOUND, so that ids cannot be probed. */
export async function getOwnOrder(ctx: Context, orderId: string): Promise<Order> {
  const order = await ctx.db.find(orders, orderId)
  if (!order || order._openid !== ctx.userId) refuse('NOT_FOUND', { orderId })
  return order
}

/** Writes `next` if the stored order still is `before`; else refuses STALE. */
export function replaceOrder(tx: Tx, before: Order, next: Order): Promise<void> {
  return tx.putIf(orders, next, { status: before.status, version: before.version })
}

/** Gives an unpaid order of the caller the address it is delivered to, as the address is now. */
export async function setOrderAddress(ctx: Context, orderId: string, addressId: string): Promise<Order> {
  const [order, address] = await Promise.all([
    getOwnOrder(ctx, orderId),
    getAddress(ctx, ctx.userId, addressId),
  ])
  const by = { atMs: ctx.clock.nowMs(), by: ctx.userId }
  const next = transition(order, 'set-address', by, { address: snapshotAddress(address) })
  await ctx.db.putIf(orders, next, { status: order.status, version: order.version })
  return next
}
