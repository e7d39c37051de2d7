import { collection, refuse, type Tx } from '../../_kernel/index.ts'
import { type Comment, comments, moveComment } from '../comment/store.ts'
import { type ContentStatus, type Move, mayMove } from '../content/status.ts'
import type { Post } from '../post/model.ts'
import { movePost, posts } from '../post/store.ts'
import {
  dueOf,
  logged,
  MACHINE,
  outcomeOf,
  queued,
  type Review,
  reviewSchema,
  type SubjectKind,
} from './model.ts'

export const reviews = collection('reviews', reviewSchema)

/** What is judged, whichever it is. */
export type Subject = { kind: 'post'; content: Post } | { kind: 'comment'; content: Comment }

export async function getSubject(reads: Pick<Tx, 'get'>, kind: SubjectKind, id: string): Promise<Subject> {
  return kind === 'post'
    ? { kind, content: await reads.get(posts, id) }
    : { kind, content: await reads.get(comments, id) }
}

export function postIdOf(subject: Subject): string {
  return subject.kind === 'post' ? subject.content._id : subject.content.postId
}

/** Refuses CONTENT_STATE for a move that the table does not have. */
export async function moveSubject(tx: Tx, subject: Subject, move: Move): Promise<ContentStatus> {
  const next =
    subject.kind === 'post'
      ? await movePost(tx, subject.content, move)
      : await moveComment(tx, subject.content, move)
  return next.status
}

/** Draws the conclusion from the verdicts as they are now, and writes both. A person's decision is never overruled. */
export async function settle(tx: Tx, review: Review): Promise<ContentStatus> {
  const nowMs = tx.context.clock.nowMs()
  const subject = await getSubject(tx, review.kind, review._id)
  const { status } = subject.content
  if (status !== 'pending') {
    await tx.put(reviews, { ...review, dueAtMs: null, updatedAtMs: nowMs })
    return status
  }
  const outcome = outcomeOf(review)
  if (outcome === 'wait') {
    await tx.put(reviews, { ...review, dueAtMs: dueOf(review, nowMs), updatedAtMs: nowMs })
    return status
  }
  if (outcome === 'queue') {
    const reason = review.text.state === 'pass' ? 'image' : 'text'
    const isUnsure = !review.reasons.some((known) => known === 'edited' || known === 'report')
    const next = queued(review, isUnsure ? reason : (review.reasons[0] ?? reason), nowMs)
    await tx.put(reviews, { ...next, dueAtMs: dueOf(next, nowMs), updatedAtMs: nowMs })
    return status
  }
  const action = outcome === 'show' ? 'approve' : 'reject'
  const decided: Review = {
    ...review,
    queue: review.queue === 'none' ? 'none' : 'decided',
    reasons: [],
    dueAtMs: null,
    decision: { action, by: MACHINE, reason: 'check', atMs: nowMs },
  }
  await tx.put(reviews, logged(decided, { atMs: nowMs, by: MACHINE, action, note: '' }))
  return moveSubject(tx, subject, outcome)
}

/** Refuses NOT_FOUND for a stranger's and CONTENT_STATE when the move is not open. */
export function assertMay(move: Move, subject: Subject): void {
  const { status } = subject.content
  if (!mayMove(move, status)) refuse('CONTENT_STATE', { status, move })
}
