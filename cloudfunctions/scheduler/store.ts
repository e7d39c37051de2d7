import type { Context } from '../_kernel/index.ts'
import { firstState, type Job, type JobState, schedulerJobs } from './model.ts'

/** The states of all given jobs; a job that was never seen gets its first. One database request once all are known. */
export async function readStates(ctx: Context, jobs: readonly Job[]): Promise<Map<string, JobState>> {
  const found = await ctx.db.findMany(
    schedulerJobs,
    jobs.map(({ name }) => name),
  )
  const states = new Map(found.map((state) => [state._id, state]))
  for (const job of jobs) {
    if (states.has(job.name)) continue
    const first = firstState(job, ctx.clock.nowMs())
    await ctx.db.insertIfAbsent(schedulerJobs, first)
    states.set(job.name, first)
  }
  return states
}
