import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { movePost, posts } from './store.ts'

/** community/deletePost: hides it for good and keeps what open reports and appeals need. A repeat changes nothing. */
export const deletePost = defineRoute({
  summary: 'Delete my post',
  input: z.strictObject({ postId: idInput }),
  access: 'user',

  async handle({ postId }, ctx) {
    await ctx.transaction(async (tx) => {
      const post = await tx.get(posts, postId)
      if (post._openid !== ctx.userId) refuse('NOT_FOUND', { postId })
      if (post.status !== 'deleted') await movePost(tx, post, 'remove')
    })
    return { postId }
  },
})
