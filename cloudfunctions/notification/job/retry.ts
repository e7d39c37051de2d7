import { type Context, command } from '../../_kernel/index.ts'
import { CLAIM_MS, type Job } from './model.ts'
import { attempt, jobs } from './send.ts'

/** Sends what is due: earlier tries that failed, and what a crash left behind. Safe to run from several places. */
export async function retryMessages(
  ctx: Context,
  limit: number,
): Promise<Partial<Record<Job['status'], number>>> {
  const due = await ctx.db.query(jobs, {
    where: { status: 'pending', nextAttemptAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['nextAttemptAtMs', 'asc']],
    limit,
  })
  const counts: Partial<Record<Job['status'], number>> = {}
  for (const job of due) {
    const claimed = await claim(ctx, job, job.attempts + 1)
    if (!claimed) continue
    const status = await attempt(ctx, claimed)
    counts[status] = (counts[status] ?? 0) + 1
  }
  return counts
}

/** Makes the job this call's own, unless somebody else was faster. */
export async function claim(ctx: Context, job: Job, attempts: number): Promise<Job | undefined> {
  const nowMs = ctx.clock.nowMs()
  const claimed = {
    status: 'pending' as const,
    attempts,
    nextAttemptAtMs: nowMs + CLAIM_MS,
    updatedAtMs: nowMs,
  }
  const isOurs = await ctx.db.updateIf(
    jobs,
    job._id,
    { status: job.status, nextAttemptAtMs: job.nextAttemptAtMs, attempts: job.attempts },
    claimed,
  )
  return isOurs ? { ...job, ...claimed } : undefined
}
