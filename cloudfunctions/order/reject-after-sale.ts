import * as z from 'zod'
import { defineRoute, idInput } from '../_kernel/index.ts'
import { decideAfterSale } from './after-sale.ts'
import { afterSaleRejected, factsOf } from './events.ts'
import { orders, replaceOrder } from './store.ts'

/** `order/rejectAfterSale`: the shop says no, and why. The buyer may ask again. */
export const rejectAfterSale = defineRoute({
  summary: 'Rejects an after-sale request',
  input: z.strictObject({
    orderId: idInput,
    /** The request that was looked at, so that a newer one is not rejected unseen. */
    afterSaleId: idInput.optional(),
    answer: z.string().trim().min(1).max(200),
  }),
  access: 'order:aftersale',
  audit: { action: 'order.after-sale.reject', subject: ({ orderId }) => orderId },
  async handle({ orderId, afterSaleId, answer }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const decided = await ctx.transaction(async (tx) => {
      const before = await tx.get(orders, orderId)
      const { order, afterSale } = decideAfterSale(before, 'reject', {
        by: ctx.userId,
        nowMs,
        answer,
        afterSaleId,
      })
      await replaceOrder(tx, before, order)
      await tx.emit(afterSaleRejected, { ...factsOf(order), afterSaleId: afterSale.id, answer })
      return afterSale
    })
    return { orderId, afterSaleId: decided.id, afterSaleStatus: decided.status }
  },
})
