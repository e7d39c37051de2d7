import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { logged, queued, subjectKind } from './model.ts'
import { getSubject, reviews } from './store.ts'

/** community/appeal: once for each decision. The same words again change nothing. */
export const appeal = defineRoute({
  summary: 'Ask for another look at what was rejected or taken down',
  input: z.strictObject({
    kind: subjectKind,
    subjectId: idInput,
    text: z.string().trim().min(1).max(500),
  }),
  access: 'user',
  rateLimit: { limit: 10, perMs: 60_000 },

  async handle({ kind, subjectId, text }, ctx) {
    const nowMs = ctx.clock.nowMs()
    await ctx.transaction(async (tx) => {
      const { content } = await getSubject(tx, kind, subjectId)
      if (content._openid !== ctx.userId) refuse('NOT_FOUND', { subjectId })
      const review = await tx.find(reviews, subjectId)
      const isDecided = content.status === 'rejected' || content.status === 'taken_down'
      if (!isDecided || !review?.decision) return refuse('APPEAL_STATE', { status: content.status })
      const decidedAtMs = review.decision.atMs
      if (review.appeal?.decidedAtMs === decidedAtMs) {
        if (review.appeal.text === text) return
        refuse('APPEAL_STATE', { why: 'already made' })
      }
      const next = { ...queued(review, 'appeal', nowMs), appeal: { text, atMs: nowMs, decidedAtMs } }
      await tx.put(reviews, logged(next, { atMs: nowMs, by: ctx.userId, action: 'appeal', note: text }))
    })
    return { subjectId }
  },
})
