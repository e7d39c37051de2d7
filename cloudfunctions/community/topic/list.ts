import * as z from 'zod'
import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { topics as stored } from './store.ts'

/** community/topics: open topics, those with most posts first. */
export const topics = defineRoute({
  summary: 'Topics, busiest first',
  input: z.strictObject(pageInput.shape),
  access: 'public',

  async handle({ cursor, size }, ctx) {
    const page = await ctx.db.page(stored, {
      where: { status: 'open' },
      orderBy: ['postCount', 'desc'],
      cursor,
      size,
    })
    return {
      items: page.items.map(({ _id, title, summary, coverFileId, postCount }) => ({
        topicId: _id,
        title,
        summary,
        coverFileId,
        postCount,
      })),
      nextCursor: page.nextCursor,
    }
  },
})
