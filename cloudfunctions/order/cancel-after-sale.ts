import * as z from 'zod'
import { defineRoute, idInput } from '../_kernel/index.ts'
import { decideAfterSale } from './after-sale.ts'
import { getOwnOrder, orders } from './store.ts'

/** `order/cancelAfterSale`: the buyer withdraws a request that nobody has decided yet. A repeat changes nothing. */
export const cancelAfterSale = defineRoute({
  summary: 'Withdraws an after-sale request',
  input: z.strictObject({ orderId: idInput }),
  access: 'user',
  async handle({ orderId }, ctx) {
    const before = await getOwnOrder(ctx, orderId)
    if (before.afterSaleStatus === 'cancelled') return { orderId, afterSaleStatus: 'cancelled' as const }
    const { order, afterSale } = decideAfterSale(before, 'cancel', {
      by: ctx.userId,
      nowMs: ctx.clock.nowMs(),
    })
    await ctx.db.putIf(orders, order, { status: before.status, version: before.version })
    return { orderId, afterSaleStatus: afterSale.status }
  },
})
