import * as z from 'zod'
import { command, defineRoute, pageInput } from '../../_kernel/index.ts'
import { members } from '../member/store.ts'
import { pageOfPosts } from './page.ts'

/** community/followingFeed: posts of those whom the caller follows, newest first. Two database requests. */
export const followingFeed = defineRoute({
  summary: 'Posts of those whom I follow',
  input: z.strictObject(pageInput.shape),
  access: 'user',
  rateLimit: { limit: 120, perMs: 60_000 },

  async handle({ cursor, size }, ctx) {
    const member = await ctx.db.find(members, ctx.userId)
    return pageOfPosts(ctx, {
      where: { status: 'visible', _openid: command.in(member?.followingIds ?? []) },
      orderBy: ['publishedAtMs', 'desc'],
      cursor,
      size,
    })
  },
})
