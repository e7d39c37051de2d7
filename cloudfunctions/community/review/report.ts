import * as z from 'zod'
import { collection, defineRoute, derivedId, idInput, refuse, text } from '../../_kernel/index.ts'
import { newReview, queued, subjectKind } from './model.ts'
import { getSubject, moveSubject, reviews } from './store.ts'

/** That somebody says something is wrong with a post or a comment; once per person and subject. */
export const reports = collection(
  'reports',
  z.object({
    _id: text,
    subjectId: text,
    kind: subjectKind,
    reporterId: text,
    reason: z.enum(['spam', 'abuse', 'sexual', 'illegal', 'false', 'other']),
    note: z.string(),
    createdAtMs: z.int(),
  }),
)

/** So many different people hide it until a moderator has looked. */
export const HIDDEN_AFTER_REPORTS = 5

/** community/report: a second report of the same person changes nothing. */
export const report = defineRoute({
  summary: 'Report a post or a comment to the moderators',
  input: z.strictObject({
    kind: subjectKind,
    subjectId: idInput,
    reason: z.enum(['spam', 'abuse', 'sexual', 'illegal', 'false', 'other']),
    note: z.string().trim().max(200).default(''),
  }),
  access: 'user',
  rateLimit: { limit: 20, perMs: 60_000 },

  async handle({ kind, subjectId, reason, note }, ctx) {
    const reporterId = ctx.userId
    const nowMs = ctx.clock.nowMs()
    const reportId = derivedId('rpt', subjectId, reporterId)
    await ctx.transaction(async (tx) => {
      if (await tx.find(reports, reportId)) return
      const subject = await getSubject(tx, kind, subjectId)
      const { status, _openid: authorId } = subject.content
      if (status !== 'visible') refuse('NOT_FOUND', { subjectId })
      if (authorId === reporterId) refuse('INVALID_INPUT', { field: 'subjectId', why: 'own content' })
      const passed = { state: 'pass' as const, label: null, words: [] }
      const before =
        (await tx.find(reviews, subjectId)) ??
        newReview({ kind, subjectId, authorId, text: passed, images: [], nowMs })
      const reportCount = before.reportCount + 1
      const createdAtMs = nowMs
      await tx.insert(reports, { _id: reportId, subjectId, kind, reporterId, reason, note, createdAtMs })
      await tx.put(reviews, { ...queued(before, 'report', nowMs), reportCount, updatedAtMs: nowMs })
      if (reportCount >= HIDDEN_AFTER_REPORTS) await moveSubject(tx, subject, 'hold')
    })
    return { reportId }
  },
})
