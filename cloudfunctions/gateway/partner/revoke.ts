import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { disableEndpointsOf } from '../webhook/store.ts'
import { changePartner } from './keys.ts'
import { partnerId, partners } from './model.ts'

/** gateway/revokePartner: shuts a partner out for good, and its webhooks off. Its tokens are worth nothing from now on. */
export const revokePartner = defineRoute({
  summary: 'Shuts a partner out for good',
  input: z.strictObject({ partnerId }),
  access: 'partner:manage',
  audit: { action: 'partner.revoke', subject: ({ partnerId: id }) => id },

  async handle({ partnerId: id }, ctx) {
    const partner = await ctx.db.get(partners, id)
    if (partner.status === 'active') await changePartner(ctx, partner, { status: 'revoked' })
    await disableEndpointsOf(ctx, id)
    return { partnerId: id, status: 'revoked' as const }
  },
})
