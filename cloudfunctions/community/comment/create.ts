import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { checkText } from '../content/check-text.ts'
import { authorOf } from '../member/model.ts'
import { speakingMember } from '../member/store.ts'
import { getVisiblePost } from '../post/store.ts'
import { isClean, newReview } from '../review/model.ts'
import { reviews, settle } from '../review/store.ts'
import { type Comment, comments, placeComment } from './store.ts'

/**
 * community/comment: on a post, or with `replyToId` under a comment. Replies to replies stand under the same comment and
 * say whom they answer: there are two levels. Refuses CONTENT_REFUSED, MEMBER_MUTED.
 */
export const comment = defineRoute({
  summary: 'Comment on a post or answer a comment',
  input: z.strictObject({
    postId: idInput,
    text: z.string().trim().min(1).max(500),
    replyToId: idInput.optional(),
  }),
  access: 'user',
  idempotent: 'once',
  rateLimit: { limit: 30, perMs: 60_000 },

  async handle({ postId, text, replyToId }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const member = await speakingMember(ctx)
    const verdict = await checkText(ctx, { content: text, scene: 'comment', openid: ctx.userId })
    const commentId = ctx.ids.next('cmt')
    const isVisible = isClean(verdict, [])

    return ctx.once(async (tx) => {
      const post = await getVisiblePost(tx, postId)
      const answered = replyToId === undefined ? undefined : await tx.get(comments, replyToId)
      if (answered && (answered.postId !== postId || answered.status !== 'visible')) {
        refuse('NOT_FOUND', { replyToId })
      }
      const created: Comment = {
        _id: commentId,
        _openid: ctx.userId,
        postId,
        author: authorOf(member),
        text,
        rootId: answered ? (answered.rootId ?? answered._id) : null,
        replyTo: answered
          ? { commentId: answered._id, userId: answered._openid, nickname: answered.author.nickname }
          : null,
        status: isVisible ? 'visible' : 'pending',
        isListed: isVisible,
        likeCount: 0,
        replyCount: 0,
        countVersion: 0,
        createdAtMs: nowMs,
        publishedAtMs: isVisible ? nowMs : null,
      }
      await placeComment(tx, created, post._openid)
      if (!isVisible) {
        const options = { kind: 'comment' as const, subjectId: commentId, authorId: ctx.userId }
        const review = newReview({ ...options, text: verdict, images: [], nowMs })
        await tx.insert(reviews, review)
        await settle(tx, review)
      }
      return { commentId, status: created.status }
    })
  },
})
