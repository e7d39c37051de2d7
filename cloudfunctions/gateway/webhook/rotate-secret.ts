import * as z from 'zod'
import { defineRoute, derivedId, idInput, refuse } from '../../_kernel/index.ts'
import { OVERLAP_MS } from './model.ts'
import { webhookSecret } from './sign.ts'
import { webhookEndpoints } from './store.ts'

/** gateway/rotateEndpointSecret: a new secret signs at once; for a day the old one signs as well. */
export const rotateEndpointSecret = defineRoute({
  summary: 'Signs webhooks with a new secret; for a day with the old one too',
  input: z.strictObject({ endpointId: idInput }),
  access: 'webhook:manage',
  idempotent: 'derived',

  async handle({ endpointId }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const keyId = derivedId('whk', endpointId, ctx.requestId)
    const endpoint = await ctx.db.get(webhookEndpoints, endpointId)
    if (endpoint.partnerId !== ctx.userId) refuse('NOT_FOUND', { endpointId })
    const [newest, ...others] = endpoint.secrets
    if (!endpoint.secrets.some((secret) => secret.keyId === keyId)) {
      const stillLive = others.filter(({ endsAtMs }) => endsAtMs !== null && endsAtMs > nowMs)
      const secrets = [
        { keyId, endsAtMs: null },
        ...(newest ? [{ ...newest, endsAtMs: nowMs + OVERLAP_MS }] : []),
        ...stillLive,
      ]
      const change = { secrets, updatedAtMs: Math.max(nowMs, endpoint.updatedAtMs + 1) }
      const changed = await ctx.db.updateIf(
        webhookEndpoints,
        endpointId,
        { updatedAtMs: endpoint.updatedAtMs },
        change,
      )
      if (!changed) refuse('STALE', { endpointId })
    }
    return { endpointId, secret: webhookSecret(ctx, keyId) }
  },
})
