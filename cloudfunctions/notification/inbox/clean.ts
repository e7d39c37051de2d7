import { type Context, command } from '../../_kernel/index.ts'
import { inboxMessages } from './store.ts'

const KEEP_MS = 180 * 24 * 3_600_000

/** Removes a batch of messages that nobody looks for any more, read or not. @returns how many were removed. */
export async function cleanInbox(ctx: Context, limit: number): Promise<number> {
  const old = await ctx.db.query(inboxMessages, {
    where: { createdAtMs: command.lte(ctx.clock.nowMs() - KEEP_MS) },
    orderBy: [['createdAtMs', 'asc']],
    limit,
  })
  if (old.length === 0) return 0
  return ctx.db.removeMany(inboxMessages, { _id: command.in(old.map(({ _id }) => _id)) })
}
