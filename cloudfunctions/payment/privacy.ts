/** What is kept about a person here, given out or taken away on their request. */
import { type Context, command } from '../_kernel/index.ts'
import { payments, refunds } from './store.ts'

/** No openid looks like this. */
const NOBODY = 'erased'
const MOST = 1_000

/** Two database requests. */
export async function exportUser(ctx: Context, userId: string): Promise<Record<string, unknown>> {
  const mine = { where: { _openid: userId }, limit: MOST }
  return { payments: await ctx.db.query(payments, mine), refunds: await ctx.db.query(refunds, mine) }
}

/** Payments and refunds stay for the books and for WeChat's bill, without the person. Three database requests. */
export async function eraseUser(ctx: Context, userId: string): Promise<void> {
  // The version grows, so that a change that has read the person writes nothing back.
  const version = command.inc(1)
  await ctx.db.updateMany(payments, { _openid: userId }, { _openid: NOBODY, clientIp: '', version })
  await ctx.db.updateMany(refunds, { _openid: userId, requestedBy: userId }, { requestedBy: NOBODY })
  await ctx.db.updateMany(refunds, { _openid: userId }, { _openid: NOBODY, reason: '', version })
}
