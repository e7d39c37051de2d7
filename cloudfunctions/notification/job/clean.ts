import { type Context, command } from '../../_kernel/index.ts'
import { jobs } from './send.ts'

const KEEP_MS = 90 * 24 * 3_600_000

/** Removes a batch of jobs that ended long ago. @returns how many were removed. */
export async function cleanMessages(ctx: Context, limit: number): Promise<number> {
  const old = await ctx.db.query(jobs, {
    where: { updatedAtMs: command.lte(ctx.clock.nowMs() - KEEP_MS), status: command.neq('pending') },
    orderBy: [['updatedAtMs', 'asc']],
    limit,
  })
  if (old.length === 0) return 0
  return ctx.db.removeMany(jobs, { _id: command.in(old.map(({ _id }) => _id)) })
}
