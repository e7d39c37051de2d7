import * as z from 'zod'
import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { viewOf } from '../model.ts'
import { mediaFiles } from '../store.ts'

/** media/mine: the caller's files, newest first, with what has become of their checks. */
export const mine = defineRoute({
  summary: 'My files, newest first',
  input: z.strictObject(pageInput.shape),
  access: 'user',

  async handle({ cursor, size }, ctx) {
    const page = await ctx.db.page(mediaFiles, {
      where: { _openid: ctx.userId },
      orderBy: ['createdAtMs', 'desc'],
      cursor,
      size,
    })
    return { items: page.items.map(viewOf), nextCursor: page.nextCursor }
  },
})
