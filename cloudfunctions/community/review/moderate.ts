import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { excerptOf } from '../content/fields.ts'
import type { ContentStatus, Move } from '../content/status.ts'
import { statusAfter } from '../content/status.ts'
import { judged } from '../events.ts'
import { logged, newReview, type Review, subjectKind } from './model.ts'
import { getSubject, moveSubject, postIdOf, reviews } from './store.ts'

const actions = { approve: 'show', reject: 'reject', takeDown: 'takeDown' } as const satisfies Record<
  string,
  Move
>

/** Where the decision leaves things as they are: reports dismissed, an appeal turned down. */
const confirmed = {
  approve: ['visible'],
  reject: ['rejected', 'taken_down'],
  takeDown: ['taken_down'],
} as const satisfies Record<keyof typeof actions, readonly ContentStatus[]>

/**
 * community/moderate: a moderator's decision about anything, waiting or not: answers the queue, dismisses reports, takes
 * down, brings back, answers an appeal. Of two moderators at once, the second is told STALE if they decide otherwise.
 */
export const moderate = defineRoute({
  summary: 'Approve, reject or take down a post or a comment; answers reports and appeals',
  input: z.strictObject({
    kind: subjectKind,
    subjectId: idInput,
    action: z.enum(['approve', 'reject', 'takeDown']),
    /** Told to the author. */
    reason: z.string().trim().min(1).max(100),
    note: z.string().trim().max(500).default(''),
    /** The case as the moderator saw it (`updatedAtMs`). */
    seenAtMs: z.int().optional(),
  }),
  access: 'community:moderate',
  audit: { action: 'content.moderate', subject: ({ kind, subjectId }) => `${kind}/${subjectId}` },

  async handle({ kind, subjectId, action, reason, note, seenAtMs }, ctx) {
    const nowMs = ctx.clock.nowMs()
    return ctx.transaction(async (tx) => {
      const subject = await getSubject(tx, kind, subjectId)
      const { status, _openid: authorId, text } = subject.content
      if (authorId === ctx.userId) refuse('FORBIDDEN', { why: 'own content' })
      const passed = { state: 'pass' as const, label: null, words: [] }
      const review =
        (await tx.find(reviews, subjectId)) ??
        newReview({ kind, subjectId, authorId, text: passed, images: [], nowMs })
      if (seenAtMs !== undefined && seenAtMs !== review.updatedAtMs) {
        const isSame = review.decision?.action === action && review.queue === 'decided'
        return isSame ? { subjectId, status } : refuse('STALE', { subjectId })
      }
      // What its author has deleted stays so; a case that is open about it must still come to an end.
      const isClosed = status === 'deleted' && action !== 'approve' && review.queue === 'open'
      const isConfirmed = isClosed || (confirmed[action] as readonly ContentStatus[]).includes(status)
      if (!isConfirmed) statusAfter(actions[action], status) // refuses CONTENT_STATE

      const decided: Review = {
        ...review,
        queue: 'decided',
        reasons: [],
        reportCount: 0,
        dueAtMs: null,
        decision: { action, by: ctx.userId, reason, atMs: nowMs },
      }
      await tx.put(reviews, logged(decided, { atMs: nowMs, by: ctx.userId, action, note: note || reason }))
      const next = isConfirmed ? status : await moveSubject(tx, subject, actions[action])
      const isAppeal = review.reasons.includes('appeal')
      if (!isConfirmed || isAppeal) {
        const about = { userId: authorId, postId: postIdOf(subject), subjectId, excerpt: excerptOf(text) }
        await tx.emit(judged, { ...about, action, reason, isAppeal })
      }
      return { subjectId, status: next }
    })
  },
})
