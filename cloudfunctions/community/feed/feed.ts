import * as z from 'zod'
import { command, defineRoute, idInput, pageInput } from '../../_kernel/index.ts'
import { pageOfPosts } from './page.ts'

/** community/feed: the newest or the hottest posts, of all or of one topic. One database request. */
export const feed = defineRoute({
  summary: 'Posts, newest or hottest first',
  input: z.strictObject({
    ...pageInput.shape,
    order: z.enum(['new', 'hot']).default('new'),
    topicId: idInput.optional(),
  }),
  access: 'public',
  rateLimit: { limit: 120, perMs: 60_000 },

  handle: ({ order, topicId, cursor, size }, ctx) =>
    pageOfPosts(ctx, {
      where: { status: 'visible', ...(topicId !== undefined && { topicIds: command.eq(topicId) }) },
      orderBy: [order === 'new' ? 'publishedAtMs' : 'hotScore', 'desc'],
      cursor,
      size,
    }),
})
