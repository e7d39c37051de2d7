import * as z from 'zod'
import { command, defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { comments } from '../comment/store.ts'
import { setTie } from './store.ts'

/** community/likeComment */
export const likeComment = defineRoute({
  summary: 'Like a comment, or no longer',
  input: z.strictObject({ commentId: idInput, on: z.boolean() }),
  access: 'user',
  rateLimit: { limit: 120, perMs: 60_000 },

  async handle({ commentId, on }, ctx) {
    await setTie(ctx, { kind: 'like', targetId: commentId, on }, async (tx, by) => {
      const comment = await tx.get(comments, commentId)
      if (by > 0 && comment.status !== 'visible') refuse('NOT_FOUND', { commentId })
      await tx.update(comments, commentId, { likeCount: command.inc(by), countVersion: command.inc(1) })
    })
    return { commentId, isLiked: on }
  },
})
