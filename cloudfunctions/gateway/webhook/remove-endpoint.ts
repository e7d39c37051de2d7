import * as z from 'zod'
import { defineRoute, idInput } from '../../_kernel/index.ts'
import { forgetEndpoints, webhookEndpoints } from './store.ts'

/** gateway/removeEndpoint: nothing more is sent there; what was on its way ends as dead. Removing twice changes nothing. */
export const removeEndpoint = defineRoute({
  summary: 'Sends nothing more to an address',
  input: z.strictObject({ endpointId: idInput }),
  access: 'webhook:manage',

  async handle({ endpointId }, ctx) {
    const removed = await ctx.db.removeMany(webhookEndpoints, { _id: endpointId, partnerId: ctx.userId })
    if (removed > 0) await forgetEndpoints(ctx)
    return { endpointId, removed: removed > 0 }
  },
})
