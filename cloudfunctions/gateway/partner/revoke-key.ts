import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { changePartner } from './keys.ts'
import { isLive, type Key, partnerId, partners } from './model.ts'

/** gateway/revokeKey: ends a client secret, with every token that came of it, or a signing key; at once, everywhere. */
export const revokeKey = defineRoute({
  summary: 'Ends a client secret or signing key of a partner',
  input: z.strictObject({ partnerId, keyId: idInput }),
  access: 'partner:manage',
  audit: { action: 'partner.revoke-key', subject: ({ partnerId: id, keyId }) => `${id} ${keyId}` },

  async handle({ partnerId: id, keyId }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const partner = await ctx.db.get(partners, id)
    const key = [...partner.secrets, ...partner.signingKeys].find((each) => each.keyId === keyId)
    if (!key) return refuse('NOT_FOUND', { partnerId: id, keyId })
    const ended = (keys: Key[]) => keys.map((each) => (each === key ? { ...each, endsAtMs: nowMs } : each))
    if (isLive(key, nowMs)) {
      await changePartner(ctx, partner, {
        secrets: ended(partner.secrets),
        signingKeys: ended(partner.signingKeys),
      })
    }
    return { partnerId: id, keyId }
  },
})
