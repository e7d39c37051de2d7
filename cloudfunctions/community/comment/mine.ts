import * as z from 'zod'
import { command, defineRoute, pageInput } from '../../_kernel/index.ts'
import { comments } from './store.ts'

/** community/myComments: the caller's own in any state, newest first. One database request. */
export const myComments = defineRoute({
  summary: 'My comments, whatever became of them',
  input: z.strictObject(pageInput.shape),
  access: 'user',

  async handle({ cursor, size }, ctx) {
    const page = await ctx.db.page(comments, {
      where: { _openid: ctx.userId, status: command.neq('deleted') },
      orderBy: ['createdAtMs', 'desc'],
      cursor,
      size,
    })
    return {
      items: page.items.map(({ _id, postId, rootId, replyTo, text, status, likeCount, createdAtMs }) => ({
        commentId: _id,
        postId,
        rootId,
        replyTo,
        text,
        status,
        likeCount,
        createdAtMs,
      })),
      nextCursor: page.nextCursor,
    }
  },
})
