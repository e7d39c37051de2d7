import * as z from 'zod'
import { command, defineRoute, pageInput, type Where } from '../_kernel/index.ts'
import { afterSaleStatus, type Order, orderStatus } from './model.ts'
import { orders } from './store.ts'

/** `order/operatorList`: everybody's orders, newest first, narrowed by what an operator knows. */
export const operatorList = defineRoute({
  summary: 'Lists and searches the orders of all buyers',
  input: z.strictObject({
    ...pageInput.shape,
    status: orderStatus.optional(),
    afterSaleStatus: afterSaleStatus.optional(),
    userId: z.string().min(1).max(128).optional(),
    trackingNo: z.string().min(1).max(40).optional(),
    fromMs: z.int().optional(),
    beforeMs: z.int().optional(),
  }),
  access: 'order:read',
  handle({ cursor, size, fromMs, beforeMs, userId, ...exact }, ctx) {
    const createdAtMs = between(fromMs, beforeMs)
    const known = Object.fromEntries(Object.entries(exact).filter(([, value]) => value !== undefined))
    // Exact values of fields that the input schema names: their types are the order's own.
    const where = {
      ...known,
      ...(userId && { _openid: userId }),
      ...(createdAtMs && { createdAtMs }),
    } as Where<Order>
    return ctx.db.page(orders, { where, orderBy: ['createdAtMs', 'desc'], cursor, size })
  },
})

function between(fromMs: number | undefined, beforeMs: number | undefined) {
  if (fromMs === undefined) return beforeMs === undefined ? undefined : command.lt(beforeMs)
  return beforeMs === undefined ? command.gte(fromMs) : command.gte(fromMs).and(command.lt(beforeMs))
}
