import * as z from 'zod'
import { defineRoute, idInput } from '../_kernel/index.ts'
import { orders } from './store.ts'

/** `order/operatorDetail`: any order, with its whole history. */
export const operatorDetail = defineRoute({
  summary: 'One order of any buyer, with its history',
  input: z.strictObject({ orderId: idInput }),
  access: 'order:read',
  handle({ orderId }, ctx) {
    return ctx.db.get(orders, orderId)
  },
})
