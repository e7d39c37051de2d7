import * as z from 'zod'
import { defineRoute, idInput } from '../_kernel/index.ts'
import { completeOrder } from './complete.ts'

/** `order/confirm`: the buyer has the goods. A repeat changes nothing. */
export const confirm = defineRoute({
  summary: 'Confirms that a shipped order arrived',
  input: z.strictObject({ orderId: idInput }),
  access: 'user',
  async handle({ orderId }, ctx) {
    const { userId } = ctx
    const order = await completeOrder(ctx, orderId, { by: userId, ownerId: userId })
    return { orderId, status: order.status }
  },
})
