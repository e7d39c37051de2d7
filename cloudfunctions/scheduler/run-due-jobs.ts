import type { Context } from '../_kernel/index.ts'
import { jobs } from './jobs.ts'
import { firstState, type JobState } from './model.ts'
import { runJob } from './run-job.ts'
import { readStates } from './store.ts'

/** No job begins after this time, so that what began, and the events it caused, end within the function's 60 seconds. */
const BUDGET_MS = 30_000

/** The timer: runs what is due, longest overdue first. A job that fails does not stop the others. */
export async function runDueJobs(ctx: Context): Promise<{ ran: Record<string, string> }> {
  const startedAtMs = ctx.clock.nowMs()
  const isTimeUp = () => ctx.clock.nowMs() - startedAtMs >= BUDGET_MS
  const states = await readStates(ctx, jobs)
  const due = jobs
    .map((job) => ({ job, state: states.get(job.name) ?? firstState(job, startedAtMs) }))
    .filter(({ state }) => state.dueAtMs <= startedAtMs)
    .sort((a, b) => a.state.dueAtMs - b.state.dueAtMs)

  const ran: Record<string, string> = {}
  for (const { job, state } of due) {
    if (isTimeUp()) break
    ran[job.name] = await outcomeOf(ctx, () => runJob(ctx, job, state, 'timer', isTimeUp), state)
  }
  return { ran }
}

/** Also a failure to claim or to record belongs to its job alone. */
async function outcomeOf(
  ctx: Context,
  run: () => Promise<{ outcome: string } | undefined>,
  { _id: job }: JobState,
): Promise<string> {
  try {
    return (await run())?.outcome ?? 'elsewhere'
  } catch (cause) {
    ctx.log.error({ cause, job }, 'job could not be claimed or recorded')
    return 'unrecorded'
  }
}
