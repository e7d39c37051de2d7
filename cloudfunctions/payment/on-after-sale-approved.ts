import { defineConsumer, derivedId } from '../_kernel/index.ts'
import { afterSaleApproved } from '../order/public.ts'
import { refundableFen, returnable } from './model.ts'
import { requestRefund } from './request-refund.ts'
import { sendRefundSafely } from './send-refund.ts'
import { payments, refunds } from './store.ts'

/** The shop agreed to give money back. What an operator refunded meanwhile is not paid twice: only what is left goes back. */
export const refundApprovedAfterSale = defineConsumer(
  'payment.refund-approved',
  afterSaleApproved,
  async ({ payload }, ctx) => {
    const { orderId, afterSaleId, amountFen, lines, reason } = payload
    const refundId = derivedId('rf', 'after-sale', afterSaleId)
    if (!(await ctx.db.find(refunds, refundId))) {
      const payment = await ctx.db.get(payments, orderId)
      const refundFen = Math.min(amountFen, refundableFen(payment))
      if (refundFen < 1) {
        ctx.log.warn({ orderId, afterSaleId }, 'nothing left to refund')
        return
      }
      await requestRefund(ctx, {
        refundId,
        orderId,
        refundFen,
        reason,
        lines: returnable(payment, lines),
        afterSaleId,
        requestedBy: 'after-sale',
      })
    }
    await sendRefundSafely(ctx, refundId)
  },
)
