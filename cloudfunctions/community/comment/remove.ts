import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { comments, moveComment } from './store.ts'

/** community/deleteComment: its replies stay, under a comment without words. A repeat changes nothing. */
export const deleteComment = defineRoute({
  summary: 'Delete my comment',
  input: z.strictObject({ commentId: idInput }),
  access: 'user',

  async handle({ commentId }, ctx) {
    await ctx.transaction(async (tx) => {
      const found = await tx.get(comments, commentId)
      if (found._openid !== ctx.userId) refuse('NOT_FOUND', { commentId })
      if (found.status !== 'deleted') await moveComment(tx, found, 'remove')
    })
    return { commentId }
  },
})
