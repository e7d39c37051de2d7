import * as z from 'zod'
import { defineRoute, idInput } from '../_kernel/index.ts'
import { reopenRefund } from './request-refund.ts'
import { sendRefund } from './send-refund.ts'

/** `payment/retryRefund`: an operator takes up a refund that failed, or sends a pending one now. */
export const retryRefund = defineRoute({
  summary: 'Sends a failed or pending refund again',
  input: z.strictObject({ refundId: idInput }),
  access: 'payment:refund',
  audit: { action: 'payment.retry-refund', subject: ({ refundId }) => refundId },
  async handle({ refundId }, ctx) {
    await reopenRefund(ctx, refundId)
    const { state, failure } = await sendRefund(ctx, refundId)
    return { refundId, state, failure }
  },
})
