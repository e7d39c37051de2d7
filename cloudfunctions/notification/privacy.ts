/** What is kept about a person here, given out or taken away on their request. */
import type { Context } from '../_kernel/index.ts'
import { inboxMessages } from './inbox/store.ts'
import { jobs } from './job/send.ts'
import { quotas } from './template/quota.ts'

const MOST = 1_000

/** Three database requests. */
export async function exportUser(ctx: Context, userId: string): Promise<Record<string, unknown>> {
  const mine = { where: { userId }, limit: MOST }
  return {
    inbox_messages: await ctx.db.query(inboxMessages, mine),
    message_jobs: await ctx.db.query(jobs, mine),
    message_quotas: await ctx.db.query(quotas, mine),
  }
}

/** Nothing of it is needed without the person; what others were told of them goes as well. Five database requests. */
export async function eraseUser(ctx: Context, userId: string): Promise<void> {
  await ctx.db.removeMany(inboxMessages, { userId })
  await ctx.db.removeMany(quotas, { userId })
  await ctx.db.removeMany(jobs, { userId })
  await ctx.db.removeMany(inboxMessages, { fromUserId: userId })
  await ctx.db.removeMany(jobs, { fromUserId: userId })
}
