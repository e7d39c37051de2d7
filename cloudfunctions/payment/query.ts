import * as z from 'zod'
import { defineRoute, idInput } from '../_kernel/index.ts'
import { getOrderForPayment } from '../order/public.ts'
import { settlePayment } from './settle.ts'
import { payments } from './store.ts'

/** `payment/query`: what an order's page asks after paying. Settles the payment if its callback has not come (yet). */
export const query = defineRoute({
  summary: "How the payment of one of the caller's orders stands; settles it if its callback was lost",
  input: z.strictObject({ orderId: idInput }),
  access: 'user',
  rateLimit: { limit: 60, perMs: 60_000 },
  async handle({ orderId }, ctx) {
    let order = await getOrderForPayment(ctx, orderId)
    if (order.status === 'unpaid' && (await settlePayment(ctx, orderId)) === 'paid') {
      order = await getOrderForPayment(ctx, orderId)
    }
    const payment = await ctx.db.find(payments, orderId)
    return {
      orderId,
      orderStatus: order.status,
      paymentState: payment?.state ?? 'none',
      payableFen: order.payableFen,
      paidFen: payment?.paidFen ?? 0,
      refundingFen: payment?.refundingFen ?? 0,
      refundedFen: payment?.refundedFen ?? 0,
    }
  },
})
