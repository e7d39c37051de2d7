import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { changePartner } from './keys.ts'
import { partnerId, partners, partnerTerms } from './model.ts'
import { assertScopes } from './scopes.ts'
import { forOperator } from './view.ts'

/** gateway/updatePartner: replaces what was agreed with a partner. New limits count from the next minute and day. */
export const updatePartner = defineRoute({
  summary: 'Changes what a partner may do',
  input: z.strictObject({ partnerId, terms: partnerTerms }),
  access: 'partner:manage',
  audit: { action: 'partner.update', subject: ({ partnerId: id }) => id },

  async handle({ partnerId: id, terms }, ctx) {
    await assertScopes(terms.scopes)
    const partner = await ctx.db.get(partners, id)
    if (partner.status !== 'active') refuse('PARTNER_REVOKED', { partnerId: id })
    await changePartner(ctx, partner, terms)
    return forOperator({ ...partner, ...terms }, ctx.clock.nowMs())
  },
})
