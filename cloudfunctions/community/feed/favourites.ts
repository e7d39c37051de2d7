import * as z from 'zod'
import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { posts } from '../post/store.ts'
import { ownTieIds, toCard } from '../post/view.ts'
import { findTies, ties } from '../tie/store.ts'

/** community/favourites: posts that the caller keeps, latest kept first; those that are gone are left out. Two requests. */
export const favourites = defineRoute({
  summary: 'Posts that I keep',
  input: z.strictObject(pageInput.shape),
  access: 'user',

  async handle({ cursor, size }, ctx) {
    const page = await ctx.db.pageJoined(ties, {
      where: { kind: 'favourite', userId: ctx.userId },
      orderBy: ['createdAtMs', 'desc'],
      cursor,
      size,
      join: { from: posts, ids: ['$targetId'] },
    })
    const kept = page.items.flatMap(({ joined }) => joined).filter(({ status }) => status === 'visible')
    const own = await findTies(
      ctx,
      kept.flatMap((post) => ownTieIds(ctx.userId, post)),
    )
    return { items: kept.map((post) => toCard(post, own)), nextCursor: page.nextCursor }
  },
})
