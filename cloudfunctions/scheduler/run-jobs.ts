import type { Context } from '../_kernel/index.ts'
import { type Job, type JobState, KEEP_RUNS_MS, nextDueMs, type Run } from './model.ts'
import { claim, finish, finishQuietly, readStates, release, writeRun } from './store.ts'

/**
 * Runs jobs one after the other, each at most once at a time in the whole cloud, until the budget of time is used up. A
 * job that throws does not stop the others. A tick that finds nothing to do costs three database requests besides
 * those of the jobs, because it happens 43,200 times a month and each is billed.
 *
 * @returns the runs; `elsewhere` for a job that somebody else runs, nothing for one that time did not suffice for.
 */
export async function runJobs(
  ctx: Context,
  jobs: readonly Job[],
  options: { trigger: Run['trigger']; budgetMs: number },
): Promise<Map<string, Run | 'elsewhere'>> {
  const startedAtMs = ctx.clock.nowMs()
  const isTimeUp = () => ctx.clock.nowMs() - startedAtMs >= options.budgetMs
  const states = await readStates(ctx, jobs, startedAtMs)
  const wanted = jobs
    .flatMap((job) => ({ job, state: states.get(job.name) }))
    .filter((each): each is Wanted => each.state !== undefined)
    .filter(({ state }) => options.trigger === 'operator' || state.dueAtMs <= startedAtMs)
    .sort(byUrgency)

  const owner = ctx.ids.next('tick')
  const claimed = await claim(
    ctx,
    owner,
    wanted.map(({ state }) => state),
  )
  const runs = new Map<string, Run | 'elsewhere'>()
  const quiet: Run[] = []
  const unstarted: string[] = []
  for (const { job, state } of wanted) {
    if (!claimed.has(job.name)) runs.set(job.name, 'elsewhere')
    else if (isTimeUp()) unstarted.push(job.name)
    else {
      const run = await runOne(ctx, job, options.trigger, isTimeUp)
      runs.set(job.name, run)
      if (isQuiet(run) && state.runningUntilMs === 0) quiet.push(run)
      else await unlessItFails(ctx, job.name, () => tell(ctx, owner, run, state))
    }
  }
  await unlessItFails(ctx, 'quiet jobs', () => finishQuietly(ctx, owner, quiet))
  if (unstarted.length > 0) await unlessItFails(ctx, 'unstarted jobs', () => release(ctx, owner, unstarted))
  return runs
}

interface Wanted {
  job: Job
  state: JobState
}

/** Longest overdue first; a job whose last run died comes last, so that it cannot keep the others from their turn. */
function byUrgency(a: Wanted, b: Wanted): number {
  const died = (each: Wanted) => (each.state.runningUntilMs > 0 ? 1 : 0)
  return died(a) - died(b) || a.state.dueAtMs - b.state.dueAtMs
}

async function runOne(
  ctx: Context,
  job: Job,
  trigger: Run['trigger'],
  isTimeUp: () => boolean,
): Promise<Run> {
  const startedAtMs = ctx.clock.nowMs()
  const toRun = (rest: Pick<Run, 'outcome' | 'counts' | 'error'>, again: boolean): Run => {
    const finishedAtMs = ctx.clock.nowMs()
    const nextAtMs = nextDueMs(again ? { minutes: 1 } : job.every, finishedAtMs, rest.outcome)
    const times = { startedAtMs, finishedAtMs, nextAtMs, expiresAtMs: finishedAtMs + KEEP_RUNS_MS }
    return { _id: ctx.ids.next('run'), job: job.name, trigger, ...times, ...rest }
  }
  try {
    const { counts, again = false } = await job.run(ctx, isTimeUp)
    return toRun({ outcome: 'done', counts }, again)
  } catch (cause) {
    ctx.log.error({ cause, job: job.name }, 'job failed')
    const error = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    return toRun({ outcome: 'failed', counts: {}, error: error.slice(0, 500) }, false)
  }
}

/** A run that found nothing to do is seen in the job's state; a line for each would be thousands a day. */
function isQuiet(run: Run): boolean {
  const didSomething = Object.values(run.counts).some((count) => count > 0)
  return run.trigger === 'timer' && run.outcome === 'done' && !didSomething
}

async function tell(ctx: Context, owner: string, run: Run, before: JobState): Promise<void> {
  await finish(ctx, owner, run)
  await writeRun(ctx, run)
  if (before.runningUntilMs === 0) return
  const { startedAtMs, runningUntilMs: finishedAtMs } = before
  const died = { startedAtMs, finishedAtMs, outcome: 'died', counts: {}, error: undefined } as const
  await writeRun(ctx, { ...run, ...died, _id: ctx.ids.next('run'), trigger: 'timer' })
}

/** What could not be recorded ends with its lease, and the other jobs go on. */
async function unlessItFails(ctx: Context, job: string, record: () => Promise<void>): Promise<void> {
  try {
    await record()
  } catch (cause) {
    ctx.log.error({ cause, job }, 'the end of a job could not be recorded')
  }
}
