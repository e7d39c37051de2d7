import * as z from 'zod'
import { defineRoute, idInput } from '../_kernel/index.ts'
import { MAX_REFUNDS } from './model.ts'
import { payments, refunds } from './store.ts'

/** `payment/detail`: the payment of an order and its refunds. */
export const detail = defineRoute({
  summary: 'The payment of an order, with its refunds',
  input: z.strictObject({ orderId: idInput }),
  access: 'payment:read',
  async handle({ orderId }, ctx) {
    const [payment, made] = await Promise.all([
      ctx.db.get(payments, orderId),
      ctx.db.query(refunds, {
        where: { orderId },
        orderBy: [['createdAtMs', 'desc']],
        limit: 2 * MAX_REFUNDS,
      }),
    ])
    return { payment, refunds: made }
  },
})
