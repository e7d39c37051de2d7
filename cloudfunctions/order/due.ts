/** What time does to orders. The scheduler runs these; each order changes in a transaction of its own. */
import { AppError, type Context, command } from '../_kernel/index.ts'
import { closeOrder } from './close.ts'
import { completeOrder } from './complete.ts'
import { orders } from './store.ts'

/** Closes orders whose time to pay is over, oldest first. Returns how many. */
export async function expireUnpaidOrders(ctx: Context, limit: number): Promise<number> {
  const due = await ctx.db.query(orders, {
    where: { status: 'unpaid', payBeforeMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['payBeforeMs', 'asc']],
    limit,
  })
  return forEach(ctx, due, (orderId) => closeOrder(ctx, orderId, { reason: 'expired', by: 'timer' }))
}

/** Takes shipped orders as received after their days. Returns how many. */
export async function confirmDeliveredOrders(ctx: Context, limit: number): Promise<number> {
  const due = await ctx.db.query(orders, {
    where: { status: 'shipped', autoConfirmAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['autoConfirmAtMs', 'asc']],
    limit,
  })
  return forEach(ctx, due, (orderId) => completeOrder(ctx, orderId, { by: 'timer' }))
}

/**
 * One order that was paid or changed meanwhile, or that is at fault, must not keep the others waiting. A fault is thrown
 * at the end, so that the run is seen to have failed.
 */
async function forEach(
  ctx: Context,
  due: readonly { _id: string }[],
  change: (orderId: string) => Promise<unknown>,
): Promise<number> {
  let changed = 0
  let fault: unknown
  for (const { _id: orderId } of due) {
    try {
      await change(orderId)
      changed += 1
    } catch (error) {
      if (!(error instanceof AppError)) {
        fault ??= error
        ctx.log.error({ cause: error, orderId }, 'an order that was due could not be changed')
        continue
      }
      ctx.log.warn({ orderId, error: error.error }, 'an order that was due had changed meanwhile')
    }
  }
  if (fault !== undefined) throw fault
  return changed
}
