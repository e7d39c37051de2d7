import * as z from 'zod'
import { assertSameRequest, defineRoute, derivedId, refuse } from '../../_kernel/index.ts'
import { whyNotTo } from './address.ts'
import { findWebhookEvent } from './events.ts'
import { ENDPOINTS_MAX } from './model.ts'
import { webhookSecret } from './sign.ts'
import { forgetEndpoints, webhookEndpoints } from './store.ts'

/** gateway/createEndpoint: tells us where to send which events. Each event needs the scope that reads the same. */
export const createEndpoint = defineRoute({
  summary: 'Sends events to an address of yours from now on',
  input: z.strictObject({
    url: z.string().max(500),
    events: z.array(z.string().max(60)).min(1).max(20),
  }),
  access: 'webhook:manage',
  idempotent: 'derived',

  async handle({ url, events }, ctx) {
    for (const name of events) {
      const { needs } = findWebhookEvent(name) ?? refuse('INVALID_INPUT', { field: 'events', unknown: name })
      if (!(await ctx.can(needs))) refuse('FORBIDDEN', { needs })
    }
    const why = whyNotTo(url, ctx.settings.WEBHOOKS_TO_LOCAL === 'yes')
    if (why !== undefined) refuse('WEBHOOK_ADDRESS', { why })

    const endpointId = derivedId('whe', ctx.userId, ctx.requestId)
    const keyId = derivedId('whk', endpointId)
    const reply = { endpointId, secret: webhookSecret(ctx, keyId) }
    const earlier = await ctx.db.find(webhookEndpoints, endpointId)
    if (earlier) {
      assertSameRequest(ctx, earlier.requestHash)
      return reply
    }
    if ((await ctx.db.count(webhookEndpoints, { partnerId: ctx.userId })) >= ENDPOINTS_MAX)
      refuse('WEBHOOK_LIMIT', { most: ENDPOINTS_MAX })
    const nowMs = ctx.clock.nowMs()
    await ctx.db.insertIfAbsent(webhookEndpoints, {
      _id: endpointId,
      partnerId: ctx.userId,
      url,
      events: [...new Set(events)],
      status: 'active',
      secrets: [{ keyId, endsAtMs: null }],
      requestHash: ctx.requestHash,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    })
    await forgetEndpoints(ctx)
    return reply
  },
})
