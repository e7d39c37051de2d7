import { type Context, command } from '../_kernel/index.ts'
import {
  firstState,
  type Job,
  type JobState,
  LEASE_MS,
  type Run,
  schedulerJobs,
  schedulerRuns,
} from './model.ts'

/**
 * The states of all given jobs; a job that was never seen gets its first. One database request once all are known.
 *
 * @param nowMs when a new job that has no hour of its own becomes due; a tick names its beginning, so that it runs it.
 */
export async function readStates(
  ctx: Context,
  jobs: readonly Job[],
  nowMs: number,
): Promise<Map<string, JobState>> {
  const found = await ctx.db.findMany(
    schedulerJobs,
    jobs.map(({ name }) => name),
  )
  const states = new Map(found.map((state) => [state._id, state]))
  for (const job of jobs) {
    if (states.has(job.name)) continue
    const first = firstState(job, nowMs)
    await ctx.db.insertIfAbsent(schedulerJobs, first)
    states.set(job.name, first)
  }
  return states
}

/** Claims those of the jobs that nobody runs: one conditional write, atomic for each. @returns their names. */
export async function claim(ctx: Context, owner: string, states: readonly JobState[]): Promise<Set<string>> {
  const names = states.map(({ _id }) => _id)
  if (names.length === 0) return new Set()
  const nowMs = ctx.clock.nowMs()
  // A job that somebody else ran since it was read is due later than it was.
  const latestDueMs = Math.max(...states.map(({ dueAtMs }) => dueAtMs))
  const claimed = await ctx.db.updateMany(
    schedulerJobs,
    { _id: command.in(names), runningUntilMs: command.lte(nowMs), dueAtMs: command.lte(latestDueMs) },
    { owner, startedAtMs: nowMs, runningUntilMs: nowMs + LEASE_MS },
  )
  if (claimed === names.length) return new Set(names)
  const mine = (await ctx.db.findMany(schedulerJobs, names)).filter((state) => state.owner === owner)
  return new Set(mine.map(({ _id }) => _id))
}

/** Only if the job is still ours: a run that outlived its lease has nothing to say any more. */
export async function finish(ctx: Context, owner: string, run: Run): Promise<void> {
  const { nextAtMs: dueAtMs, finishedAtMs, outcome, counts } = run
  const state = { dueAtMs, runningUntilMs: 0, finishedAtMs, outcome, counts }
  await ctx.db.updateIf(schedulerJobs, run.job, { owner }, state)
}

/** The same for runs that did nothing: one request for all that are due at the same time again. */
export async function finishQuietly(ctx: Context, owner: string, runs: readonly Run[]): Promise<void> {
  for (const dueAtMs of new Set(runs.map(({ nextAtMs }) => nextAtMs))) {
    const ended = runs.filter(({ nextAtMs }) => nextAtMs === dueAtMs)
    const finishedAtMs = Math.max(...ended.map((run) => run.finishedAtMs))
    await ctx.db.updateMany(
      schedulerJobs,
      { _id: command.in(ended.map(({ job }) => job)), owner },
      { dueAtMs, runningUntilMs: 0, finishedAtMs, outcome: 'done', counts: {} },
    )
  }
}

export async function release(ctx: Context, owner: string, names: readonly string[]): Promise<void> {
  await ctx.db.updateMany(schedulerJobs, { _id: command.in(names), owner }, { runningUntilMs: 0 })
}

export async function writeRun(ctx: Context, run: Run): Promise<void> {
  const { error, ...rest } = run
  await ctx.db.insert(schedulerRuns, error === undefined ? rest : run)
}
