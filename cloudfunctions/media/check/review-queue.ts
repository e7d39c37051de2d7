import * as z from 'zod'
import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { mediaState, viewOf } from '../model.ts'
import { mediaFiles } from '../store.ts'

/** media/reviewQueue: files in one state, those first that have waited longest. */
export const reviewQueue = defineRoute({
  summary: 'Files that a moderator should look at',
  input: z.strictObject({ ...pageInput.shape, state: mediaState.default('review') }),
  access: 'media:review',

  async handle({ state, cursor, size }, ctx) {
    const page = await ctx.db.page(mediaFiles, {
      where: { state },
      orderBy: ['createdAtMs', 'asc'],
      cursor,
      size,
    })
    return {
      items: page.items.map((media) => ({ ...viewOf(media), userId: media._openid })),
      nextCursor: page.nextCursor,
    }
  },
})
