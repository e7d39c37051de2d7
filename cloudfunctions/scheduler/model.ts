/** What a job is, and what is remembered of its runs. No I/O. */
import * as z from 'zod'
import { type Context, collection, text } from '../_kernel/index.ts'

const ms = z.int()
const counts = z.record(text, z.number())

/** What a run did, by name: `{ closed: 3 }`. */
export type Counts = z.output<typeof counts>

export interface Job {
  readonly name: string
  readonly summary: string
  readonly every: Every
  /** `again`: there is more to do, at the next minute. Stops by itself when `isTimeUp`. */
  run(ctx: Context, isTimeUp: () => boolean): Promise<{ counts: Counts; again?: boolean }>
}

/** Every so many minutes, or once a day at a time of China. */
export type Every = { minutes: number } | { dailyAt: { hour: number; minute: number } }

export const schedulerJobs = collection(
  'scheduler_jobs',
  z.object({
    /** The job's name. */
    _id: text,
    dueAtMs: ms,
    /** The tick that ran it last, or runs it. */
    owner: text,
    /** While in the future, somebody runs it. 0 when its last run finished. */
    runningUntilMs: ms,
    startedAtMs: ms,
    finishedAtMs: ms,
    outcome: z.enum(['none', 'done', 'failed', 'died']),
    counts,
  }),
)
export type JobState = ReturnType<typeof schedulerJobs.parse>

export const schedulerRuns = collection(
  'scheduler_runs',
  z.object({
    _id: text,
    job: text,
    trigger: z.enum(['timer', 'operator']),
    startedAtMs: ms,
    finishedAtMs: ms,
    /** When the job is due again. */
    nextAtMs: ms,
    outcome: z.enum(['done', 'failed', 'died']),
    counts,
    error: z.string().optional(),
    expiresAtMs: ms,
  }),
)
export type Run = ReturnType<typeof schedulerRuns.parse>

export const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000
/** Longer than the function may run: a run that is not over then died. */
export const LEASE_MS = 2 * MINUTE_MS
export const KEEP_RUNS_MS = 30 * DAY_MS
/** A daily job that failed does not wait for tomorrow. */
const RETRY_DAILY_MS = 10 * MINUTE_MS
/** China has one time zone and no summer time. */
const CHINA_OFFSET_MS = 8 * 3_600_000

export function firstState(job: Job, nowMs: number): JobState {
  const dueAtMs = 'minutes' in job.every ? nowMs : nextDueMs(job.every, nowMs, 'done')
  return {
    _id: job.name,
    dueAtMs,
    owner: '',
    runningUntilMs: 0,
    startedAtMs: 0,
    finishedAtMs: 0,
    outcome: 'none',
    counts: {},
  }
}

/** When a job is due after a run that ended at `nowMs`. */
export function nextDueMs(every: Every, nowMs: number, outcome: Run['outcome']): number {
  // From the beginning of the minute, because the trigger comes at its beginning too, now earlier and now later.
  if ('minutes' in every) return Math.floor(nowMs / MINUTE_MS) * MINUTE_MS + every.minutes * MINUTE_MS
  if (outcome !== 'done') return nowMs + RETRY_DAILY_MS
  const { hour, minute } = every.dailyAt
  const today = Math.floor((nowMs + CHINA_OFFSET_MS) / DAY_MS) * DAY_MS - CHINA_OFFSET_MS
  const atMs = today + (hour * 60 + minute) * MINUTE_MS
  return atMs > nowMs ? atMs : atMs + DAY_MS
}

/** `2026-01-05`: the day of China that `epochMs` is in. */
export function chinaDay(epochMs: number): string {
  return new Date(epochMs + CHINA_OFFSET_MS).toISOString().slice(0, 10)
}
