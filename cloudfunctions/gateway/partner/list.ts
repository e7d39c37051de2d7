import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { partners } from './model.ts'
import { forOperator } from './view.ts'

/** gateway/listPartners: newest first, without any secret. One database request. */
export const listPartners = defineRoute({
  summary: 'Partners, their scopes, limits and keys',
  input: pageInput.strict(),
  access: 'partner:manage',

  async handle({ cursor, size }, ctx) {
    const page = await ctx.db.page(partners, { orderBy: ['createdAtMs', 'desc'], cursor, size })
    const nowMs = ctx.clock.nowMs()
    return { items: page.items.map((partner) => forOperator(partner, nowMs)), nextCursor: page.nextCursor }
  },
})
