import { assertSameRequest, defineRoute, derivedId } from '../../_kernel/index.ts'
import { clientSecret, newKey } from './keys.ts'
import { partners, partnerTerms, windowsAt } from './model.ts'
import { assertScopes } from './scopes.ts'

/** gateway/createPartner: lets another system in. The secret is shown here and never again. */
export const createPartner = defineRoute({
  summary: 'Lets a partner system in and gives its client secret',
  input: partnerTerms,
  access: 'partner:manage',
  idempotent: 'derived',
  audit: { action: 'partner.create', subject: ({ name }) => name },

  async handle(terms, ctx) {
    await assertScopes(terms.scopes)
    const nowMs = ctx.clock.nowMs()
    const partnerId = derivedId('ptn', ctx.userId, ctx.requestId)
    const secret = newKey(ctx, 'sec')
    const windows = windowsAt(nowMs)
    const partner = {
      _id: partnerId,
      ...terms,
      status: 'active' as const,
      secrets: [secret],
      signingKeys: [],
      ...windows,
      minuteLeft: terms.perMinute,
      dayLeft: terms.perDay,
      requestHash: ctx.requestHash,
      createdBy: ctx.userId,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    }
    if (!(await ctx.db.insertIfAbsent(partners, partner))) {
      assertSameRequest(ctx, (await ctx.db.get(partners, partnerId)).requestHash)
    }
    return {
      partnerId,
      clientId: partnerId,
      secretId: secret.keyId,
      clientSecret: clientSecret(ctx, secret.keyId),
    }
  },
})
