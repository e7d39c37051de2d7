import { type Context, command } from '../_kernel/index.ts'
import {
  type Counts,
  type Job,
  type JobState,
  KEEP_RUNS_MS,
  nextDueMs,
  type Run,
  schedulerJobs,
  schedulerRuns,
} from './model.ts'

/**
 * Runs a job unless it runs already, whatever it throws. The claim is one conditional write on the state that was seen,
 * so of two schedulers one gets it; it ends by itself, so a run that dies does not block the job.
 *
 * @returns undefined when somebody else runs it.
 */
export async function runJob(
  ctx: Context,
  job: Job,
  seen: JobState,
  trigger: Run['trigger'],
  isTimeUp: () => boolean,
): Promise<Run | undefined> {
  const startedAtMs = ctx.clock.nowMs()
  const claimed = await ctx.db.updateIf(
    schedulerJobs,
    job.name,
    { dueAtMs: seen.dueAtMs, startedAtMs: seen.startedAtMs, runningUntilMs: command.lte(startedAtMs) },
    // One more than before even on a clock that stands still, so that the next claim can tell this run from the last.
    { startedAtMs: Math.max(startedAtMs, seen.startedAtMs + 1), runningUntilMs: startedAtMs + job.leaseMs },
  )
  if (!claimed) return undefined
  if (seen.runningUntilMs > 0) await tellOfDeath(ctx, job, seen)

  let counts: Counts = {}
  let again = false
  let error: string | undefined
  try {
    const result = await job.run(ctx, isTimeUp)
    counts = result.counts
    again = result.again ?? false
  } catch (cause) {
    error = cause instanceof Error ? `${cause.name}: ${cause.message}`.slice(0, 500) : String(cause)
    ctx.log.error({ cause, job: job.name }, 'job failed')
  }

  const finishedAtMs = ctx.clock.nowMs()
  const outcome = error === undefined ? 'done' : 'failed'
  const dueAtMs = nextDueMs(again ? { minutes: 1 } : job.every, finishedAtMs, outcome)
  await ctx.db.update(schedulerJobs, job.name, { dueAtMs, runningUntilMs: 0, finishedAtMs, outcome, counts })
  const run: Run = {
    _id: ctx.ids.next('run'),
    job: job.name,
    trigger,
    startedAtMs,
    finishedAtMs,
    outcome,
    counts,
    ...(error === undefined ? {} : { error }),
    expiresAtMs: finishedAtMs + KEEP_RUNS_MS,
  }
  if (isWorthTelling(run)) await ctx.db.insert(schedulerRuns, run)
  return run
}

/** A run that found nothing to do is seen in the job's state; a line for each would be thousands a day, each billed. */
function isWorthTelling(run: Run): boolean {
  return (
    run.trigger === 'operator' ||
    run.outcome !== 'done' ||
    Object.values(run.counts).some((count) => count > 0)
  )
}

async function tellOfDeath(ctx: Context, job: Job, { startedAtMs, runningUntilMs }: JobState): Promise<void> {
  await ctx.db.insert(schedulerRuns, {
    _id: ctx.ids.next('run'),
    job: job.name,
    trigger: 'timer',
    startedAtMs,
    finishedAtMs: runningUntilMs,
    outcome: 'died',
    counts: {},
    expiresAtMs: ctx.clock.nowMs() + KEEP_RUNS_MS,
  })
}
