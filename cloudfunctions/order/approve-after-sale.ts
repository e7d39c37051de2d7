import * as z from 'zod'
import { defineRoute, idInput } from '../_kernel/index.ts'
import { decideAfterSale } from './after-sale.ts'
import { afterSaleApproved, factsOf } from './events.ts'
import { orders, replaceOrder } from './store.ts'

/**
 * `order/approveAfterSale`: the shop agrees, and the refund begins through `after_sale.approved`. With goods back, approve
 * once they have arrived. A repeat changes nothing.
 */
export const approveAfterSale = defineRoute({
  summary: 'Approves an after-sale request, which starts its refund',
  input: z.strictObject({
    orderId: idInput,
    /** The request that was looked at, so that a newer one is not approved unseen. */
    afterSaleId: idInput.optional(),
    answer: z.string().trim().max(200).optional(),
  }),
  access: 'order:aftersale',
  audit: { action: 'order.after-sale.approve', subject: ({ orderId }) => orderId },
  async handle({ orderId, afterSaleId, answer }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const decided = await ctx.transaction(async (tx) => {
      const before = await tx.get(orders, orderId)
      const isRepeat = before.afterSale?.id === afterSaleId && before.afterSaleStatus === 'approved'
      if (before.afterSale && isRepeat) return before.afterSale
      const { order, afterSale } = decideAfterSale(before, 'approve', {
        by: ctx.userId,
        nowMs,
        answer,
        afterSaleId,
      })
      await replaceOrder(tx, before, order)
      await tx.emit(afterSaleApproved, {
        ...factsOf(order),
        lines: afterSale.lines,
        amountFen: afterSale.refundFen,
        afterSaleId: afterSale.id,
        returnGoods: afterSale.returnGoods,
        reason: afterSale.reason,
      })
      return afterSale
    })
    return { orderId, afterSaleId: decided.id, afterSaleStatus: decided.status, refundFen: decided.refundFen }
  },
})
