import * as z from 'zod'
import { defineRoute, idInput } from '../_kernel/index.ts'
import { getOwnOrder } from './store.ts'
import { forBuyer } from './view.ts'

/** `order/detail`: one of the caller's orders. */
export const detail = defineRoute({
  summary: "One of the caller's orders",
  input: z.strictObject({ orderId: idInput }),
  access: 'user',
  async handle({ orderId }, ctx) {
    return forBuyer(await getOwnOrder(ctx, orderId))
  },
})
