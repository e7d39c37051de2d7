import * as z from 'zod'
import { defineRoute, pageInput } from '../_kernel/index.ts'
import { paymentState } from './model.ts'
import { payments } from './store.ts'

/** `payment/list`: payments, newest first; `mismatch` are those that somebody has to look at. */
export const list = defineRoute({
  summary: 'Lists payments by state',
  input: z.strictObject({ ...pageInput.shape, state: paymentState.optional() }),
  access: 'payment:read',
  handle({ state, cursor, size }, ctx) {
    const where = state ? { state } : {}
    return ctx.db.page(payments, { where, orderBy: ['createdAtMs', 'desc'], cursor, size })
  },
})
