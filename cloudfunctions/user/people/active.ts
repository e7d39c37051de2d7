import type { Context } from '../../_kernel/index.ts'
import { users } from '../store.ts'

/** Those of `userIds` who can act: they have signed in, did not delete their account and are not suspended. One database request. */
export async function findActiveUsers(ctx: Context, userIds: readonly string[]): Promise<string[]> {
  const nowMs = ctx.clock.nowMs()
  const found = await ctx.db.findMany(users, [...new Set(userIds)])
  return found
    .filter(
      ({ status, ban }) => status === 'active' && (!ban || (ban.untilMs !== null && ban.untilMs <= nowMs)),
    )
    .map(({ _id }) => _id)
}
