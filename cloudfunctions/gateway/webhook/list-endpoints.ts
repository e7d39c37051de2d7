import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { ENDPOINTS_MAX } from './model.ts'
import { webhookEndpoints } from './store.ts'

/** gateway/listEndpoints: the partner's own. One database request. */
export const listEndpoints = defineRoute({
  summary: 'Where your webhooks go',
  input: z.strictObject({}),
  access: 'webhook:manage',

  async handle(_input, ctx) {
    const found = await ctx.db.query(webhookEndpoints, {
      where: { partnerId: ctx.userId },
      // Two that were made at the same moment may be one too many.
      limit: 2 * ENDPOINTS_MAX,
    })
    return {
      items: found.map(({ _id, url, events, status, createdAtMs }) => ({
        endpointId: _id,
        url,
        events,
        status,
        createdAtMs,
      })),
    }
  },
})
