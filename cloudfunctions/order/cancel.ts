import * as z from 'zod'
import { defineRoute, idInput } from '../_kernel/index.ts'
import { closeOrder } from './close.ts'

/** `order/cancel`: the buyer gives up an unpaid order; what was held for it comes back. A repeat changes nothing. */
export const cancel = defineRoute({
  summary: 'Cancels an unpaid order',
  input: z.strictObject({ orderId: idInput }),
  access: 'user',
  async handle({ orderId }, ctx) {
    const { userId } = ctx
    const order = await closeOrder(ctx, orderId, { reason: 'cancelled', by: userId, ownerId: userId })
    return { orderId, status: order.status }
  },
})
