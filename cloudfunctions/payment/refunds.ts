import * as z from 'zod'
import { defineRoute, idInput, pageInput } from '../_kernel/index.ts'
import { refundState } from './refund-model.ts'
import { refunds as refundRecords } from './store.ts'

/** `payment/refunds`: refunds, newest first, of one order or in one state. */
export const refunds = defineRoute({
  summary: 'Lists refunds by order or state',
  input: z.strictObject({
    ...pageInput.shape,
    state: refundState.optional(),
    orderId: idInput.optional(),
  }),
  access: 'payment:read',
  handle({ state, orderId, cursor, size }, ctx) {
    const where = { ...(state && { state }), ...(orderId && { orderId }) }
    return ctx.db.page(refundRecords, { where, orderBy: ['createdAtMs', 'desc'], cursor, size })
  },
})
