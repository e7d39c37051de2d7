import * as z from 'zod'
import { text } from '../../_kernel/index.ts'
import type { TextVerdict } from '../content/check-text.ts'

export const subjectKind = z.enum(['post', 'comment'])
export type SubjectKind = z.output<typeof subjectKind>

const imageSchema = z.object({
  fileId: text,
  /** `waiting` to be sent to WeChat · `asked` · what WeChat said, or `failed` when it did not. */
  state: z.enum(['waiting', 'asked', 'pass', 'review', 'risky', 'failed']),
  traceId: z.string().nullable(),
  askedAtMs: z.int().nullable(),
})

/**
 * What moderators know of a post or a comment; `_id` is its id. Made when something about it is not plainly in order:
 * pictures to be judged, an unsure or missing verdict, a report, a decision.
 */
export const reviewSchema = z.object({
  _id: text,
  kind: subjectKind,
  authorId: text,
  text: z.object({
    state: z.enum(['pass', 'review', 'risky', 'unavailable']),
    label: z.number().nullable(),
    words: z.array(z.object({ word: text, category: text })),
  }),
  images: z.array(imageSchema),
  /** Those of the images, for the index by which a verdict finds its review. */
  traceIds: z.array(text),
  /** When the sweeper looks again: something is to be asked, or no answer came. Null when nothing is under way. */
  dueAtMs: z.int().nullable(),
  tries: z.int(),
  queue: z.enum(['none', 'open', 'decided']),
  /** Why it waits for a person. */
  reasons: z.array(z.enum(['text', 'image', 'edited', 'report', 'appeal'])),
  queuedAtMs: z.int().nullable(),
  /** Of different people since the last decision. */
  reportCount: z.int(),
  decision: z
    .object({
      action: z.enum(['approve', 'reject', 'takeDown']),
      /** `machine` or a moderator. */
      by: text,
      reason: z.string(),
      atMs: z.int(),
    })
    .nullable(),
  appeal: z
    .object({ text, atMs: z.int(), /** The decision that it is about. */ decidedAtMs: z.int() })
    .nullable(),
  log: z.array(z.object({ atMs: z.int(), by: text, action: text, note: z.string() })),
  createdAtMs: z.int(),
  updatedAtMs: z.int(),
})

export type Review = z.output<typeof reviewSchema>
export type ImageVerdict = 'pass' | 'review' | 'risky' | 'failed'

export const MACHINE = 'machine'
const LOG_MAX = 50
/** WeChat promises the verdict on a picture within thirty minutes. */
export const ANSWER_WITHIN_MS = 35 * 60_000
/** How long one call may take to ask about pictures before the sweeper does. */
export const ASK_WITHIN_MS = 60_000
const RETRY_MS = 60_000
export const TRIES_MAX = 8

export function newReview(options: {
  kind: SubjectKind
  subjectId: string
  authorId: string
  text: TextVerdict
  images: readonly string[]
  nowMs: number
}): Review {
  const { kind, subjectId, authorId, text: verdict, images, nowMs } = options
  return {
    _id: subjectId,
    kind,
    authorId,
    text: verdict,
    images: images.map((fileId) => ({ fileId, state: 'waiting', traceId: null, askedAtMs: null })),
    traceIds: [],
    dueAtMs: null,
    tries: 0,
    queue: 'none',
    reasons: [],
    queuedAtMs: null,
    reportCount: 0,
    decision: null,
    appeal: null,
    log: [],
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  }
}

/** Is there anything that keeps the content from showing at once? */
export function isClean(verdict: TextVerdict, images: readonly string[]): boolean {
  return verdict.state === 'pass' && images.length === 0
}

/** What the verdicts say together. A person is asked whenever a machine is unsure or silent. */
export function outcomeOf({ text: verdict, images, reasons }: Review): 'show' | 'reject' | 'queue' | 'wait' {
  const states = images.map(({ state }) => state)
  if (verdict.state === 'risky' || states.includes('risky')) return 'reject'
  const isUnsure = verdict.state !== 'pass' || states.includes('review') || states.includes('failed')
  if (isUnsure || reasons.includes('edited') || reasons.includes('report')) return 'queue'
  return states.every((state) => state === 'pass') ? 'show' : 'wait'
}

/** When the sweeper has to look after it. */
export function dueOf({ text: verdict, images, tries }: Review, nowMs: number): number | null {
  if (tries >= TRIES_MAX) return null
  const times: number[] = []
  if (verdict.state === 'unavailable') times.push(nowMs + RETRY_MS * 2 ** tries)
  if (images.some(({ state }) => state === 'waiting')) times.push(nowMs + RETRY_MS * 2 ** tries)
  for (const { state, askedAtMs } of images) {
    if (state === 'asked' && askedAtMs !== null) times.push(Math.max(askedAtMs + ANSWER_WITHIN_MS, nowMs + 1))
  }
  return times.length === 0 ? null : Math.min(...times)
}

/** In line for a person, for one more reason. */
export function queued(review: Review, reason: Review['reasons'][number], nowMs: number): Review {
  return {
    ...review,
    queue: 'open',
    reasons: [...new Set([...review.reasons, reason])],
    queuedAtMs: review.queue === 'open' ? review.queuedAtMs : nowMs,
  }
}

export function logged(
  review: Review,
  { atMs, by, action, note }: { atMs: number; by: string; action: string; note: string },
): Review {
  return { ...review, log: [...review.log, { atMs, by, action, note }].slice(-LOG_MAX), updatedAtMs: atMs }
}
