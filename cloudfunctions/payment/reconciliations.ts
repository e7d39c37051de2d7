import * as z from 'zod'
import { defineRoute, pageInput } from '../_kernel/index.ts'
import { reconciliations as records } from './reconcile-day.ts'

/** `payment/reconciliations`: what the daily comparison with WeChat's bill found, newest day first. */
export const reconciliations = defineRoute({
  summary: 'Lists the daily comparisons with the bill',
  input: z.strictObject(pageInput.shape),
  access: 'payment:read',
  handle({ cursor, size }, ctx) {
    return ctx.db.page(records, { orderBy: ['day', 'desc'], cursor, size })
  },
})
