import * as z from 'zod'
import { text } from '../../_kernel/index.ts'

/** One subscribe message to one user about one event. */
export const jobSchema = z.object({
  /** Derived from event, kind and user: an event that is delivered twice sends one message. */
  _id: text,
  userId: text,
  /** Whose words or name it tells: it goes when they ask to be forgotten. */
  fromUserId: z.string().nullable().default(null),
  code: text,
  eventId: text,
  /** Kept apart from the template, so that a repaired template sends what the broken one could not. */
  values: z.record(text, text),
  page: text,
  /**
   * `pending` waits for its time or is being sent · `sent` · `refused` the user did not agree · `failed` WeChat will
   * never take it like this, an operator has to look · `dead` gave up after many tries · `dropped` nothing to send with
   */
  status: z.enum(['pending', 'sent', 'refused', 'failed', 'dead', 'dropped']),
  attempts: z.int(),
  /** When it may be tried again; also the claim of whoever is sending it now. */
  nextAttemptAtMs: z.int(),
  lastError: z.string().nullable(),
  createdAtMs: z.int(),
  updatedAtMs: z.int(),
})

export type Job = z.output<typeof jobSchema>

/** How long one attempt may take before somebody else tries. */
export const CLAIM_MS = 60_000
const RETRY_AFTER_MS = [60_000, 300_000, 1_800_000, 7_200_000]
export const MAX_ATTEMPTS = RETRY_AFTER_MS.length + 1

/** What WeChat's answer means for the job and for the user's quota. */
export type Verdict = Pick<Job, 'status' | 'lastError' | 'nextAttemptAtMs'> & {
  quota: 'used' | 'back' | 'none' | 'held'
}

/** The user did not agree, or not any more. */
const NOT_SUBSCRIBED = 43101

/** Answers that the same message gets again: data, template, page, openid wrong, or no permission in config.json. */
const FOR_GOOD = new Set([47003, 40003, 40037, 41030, -604100, -604101])

/** Pure, so that the table can be tested without WeChat. `errCode` is undefined when nobody answered. */
export function judge(failure: unknown, attempts: number, nowMs: number): Verdict {
  const lastError = (failure instanceof Error ? failure.message : String(failure)).slice(0, 300)
  const errCode = errCodeOf(failure)
  const end = { lastError, nextAttemptAtMs: nowMs }
  if (errCode === NOT_SUBSCRIBED) return { ...end, status: 'refused', quota: 'none' }
  if (errCode !== undefined && FOR_GOOD.has(errCode)) return { ...end, status: 'failed', quota: 'back' }
  const waitMs = RETRY_AFTER_MS[attempts - 1]
  if (waitMs === undefined) return { ...end, status: 'dead', quota: 'back' }
  return { lastError, status: 'pending', nextAttemptAtMs: nowMs + waitMs, quota: 'held' }
}

function errCodeOf(failure: unknown): number | undefined {
  if (typeof failure !== 'object' || failure === null || !('errCode' in failure)) return undefined
  return typeof failure.errCode === 'number' ? failure.errCode : undefined
}
