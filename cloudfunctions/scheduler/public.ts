/** What other capabilities may use of `scheduler`. */
import { type Context, command } from '../_kernel/index.ts'
import { schedulerJobs } from './model.ts'

const HOLDER = 'maintenance'

/** No job begins until then, as if each ran elsewhere; one that runs now is not stopped. One database request. */
export async function holdJobs(ctx: Context, untilMs: number): Promise<void> {
  await ctx.db.updateMany(schedulerJobs, { _id: command.gt('') }, { owner: HOLDER, runningUntilMs: untilMs })
}

/** Jobs are due again as they were. One database request. */
export async function releaseJobs(ctx: Context): Promise<void> {
  await ctx.db.updateMany(schedulerJobs, { _id: command.gt(''), owner: HOLDER }, { runningUntilMs: 0 })
}
