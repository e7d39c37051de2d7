import * as z from 'zod'
import { assertSameRequest, defineRoute, derivedId, idInput } from '../_kernel/index.ts'
import { returnable } from './model.ts'
import { requestRefund } from './request-refund.ts'
import { sendRefund } from './send-refund.ts'
import { payments, refunds } from './store.ts'

const line = z.strictObject({ skuId: idInput, quantity: z.int().min(1).max(99) })

/** `payment/refund`: an operator gives back all or part of what was paid. */
export const refund = defineRoute({
  summary: 'Refunds all or part of a payment',
  input: z
    .strictObject({
      orderId: idInput,
      refundFen: z.int().min(1),
      reason: z.string().trim().min(1).max(200),
      /** Have the goods come back into stock? */
      returnGoods: z.boolean().default(false),
      /** Which; all that have not come back yet when left out. */
      lines: z.array(line).min(1).max(50).optional(),
    })
    .refine(({ returnGoods, lines }) => returnGoods || !lines, {
      path: ['lines'],
      error: 'only with returnGoods',
    }),
  access: 'payment:refund',
  // The refund's number is derived from the request id: a repeat finds the refund, WeChat knows the number again.
  idempotent: 'derived',
  audit: { action: 'payment.refund', subject: ({ orderId }) => orderId },
  async handle({ orderId, refundFen, reason, returnGoods, lines }, ctx) {
    const refundId = derivedId('rf', ctx.userId, ctx.requestId)
    const existing = await ctx.db.find(refunds, refundId)
    if (existing) assertSameRequest(ctx, existing.requestHash)
    else {
      const payment = await ctx.db.get(payments, orderId)
      await requestRefund(ctx, {
        refundId,
        orderId,
        refundFen,
        reason,
        lines: lines ?? (returnGoods ? returnable(payment) : []),
        requestedBy: ctx.userId,
        requestHash: ctx.requestHash,
      })
    }
    const { state, failure } = await sendRefund(ctx, refundId)
    return { refundId, state, failure }
  },
})
