import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { QUOTA_MAX, quotaId, quotas } from './quota.ts'
import { readTemplates } from './store.ts'

/**
 * notification/reportSubscription: after `wx.requestSubscribeMessage`, the codes the user accepted. Each adds one
 * message. A client that lies only makes us try what WeChat then refuses.
 */
export const reportSubscription = defineRoute({
  summary: 'Report the subscribe messages that I accepted',
  input: z.object({
    // wx.requestSubscribeMessage asks for at most three at a time.
    templateCodes: z
      .array(z.string().max(64))
      .min(1)
      .max(3)
      .transform((codes) => [...new Set(codes)]),
  }),
  access: 'user',
  idempotent: 'once',
  rateLimit: { limit: 30, perMs: 60_000 },

  async handle({ templateCodes }, ctx) {
    const known = await readTemplates(ctx)
    const unknown = templateCodes.filter((code) => !known.has(code))
    if (unknown.length > 0) refuse('TEMPLATE_UNKNOWN', { unknown })
    const { userId } = ctx
    const updatedAtMs = ctx.clock.nowMs()
    return ctx.once(async (tx) => {
      const remaining: Record<string, number> = {}
      for (const code of templateCodes) {
        const id = quotaId(userId, code)
        const before = await tx.find(quotas, id)
        const after = Math.min((before?.remaining ?? 0) + 1, QUOTA_MAX)
        await tx.put(quotas, {
          _id: id,
          _openid: userId,
          userId,
          code,
          remaining: after,
          heldBy: before?.heldBy ?? [],
          updatedAtMs,
        })
        remaining[code] = after
      }
      return { remaining }
    })
  },
})
