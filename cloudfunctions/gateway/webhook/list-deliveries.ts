import { defineRoute, idInput, pageInput } from '../../_kernel/index.ts'
import { deliverySchema } from './model.ts'
import { deliveryPage } from './store.ts'

const filter = pageInput.extend({ status: deliverySchema.shape.status.optional() }).strict()

/** gateway/listOwnDeliveries: what was sent to the partner, and what became of it. */
export const listOwnDeliveries = defineRoute({
  summary: 'Webhooks to you, with each attempt, newest first',
  input: filter,
  access: 'webhook:manage',

  handle({ status, cursor, size }, ctx) {
    return deliveryPage(ctx, { partnerId: ctx.userId, ...(status && { status }) }, { cursor, size })
  },
})

/** gateway/listDeliveries: the same for operators, of one partner or of all. */
export const listDeliveries = defineRoute({
  summary: 'Webhooks to partners, with each attempt, newest first',
  input: filter.extend({ partnerId: idInput.optional() }),
  access: 'partner:manage',

  handle({ partnerId, status, cursor, size }, ctx) {
    return deliveryPage(ctx, { ...(partnerId && { partnerId }), ...(status && { status }) }, { cursor, size })
  },
})
