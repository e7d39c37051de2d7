import * as z from 'zod'
import { type Context, collection, command, derivedId, text } from '../../_kernel/index.ts'

/**
 * How many messages of a kind a user has agreed to, as far as we know: WeChat has the last word (43101). `heldBy` are the
 * jobs that have taken one and not ended: taking and remembering who took is one write, so a job never takes two.
 */
export const quotas = collection(
  'message_quotas',
  z.object({
    _id: text,
    _openid: text,
    userId: text,
    code: text,
    remaining: z.int(),
    heldBy: z.array(text),
    updatedAtMs: z.int(),
  }),
)

/** Nobody needs more; keeps a client that reports nonsense within bounds. */
export const QUOTA_MAX = 100

export function quotaId(userId: string, code: string): string {
  return derivedId('quota', userId, code)
}

/** Takes one for a job; false when there is none. A job that holds one already keeps it. */
export async function takeQuota(ctx: Context, userId: string, code: string, jobId: string): Promise<boolean> {
  const id = quotaId(userId, code)
  const updatedAtMs = ctx.clock.nowMs()
  const taken = await ctx.db.updateIf(
    quotas,
    id,
    { remaining: command.gt(0), heldBy: command.nin([jobId]) },
    { remaining: command.inc(-1), heldBy: command.push([jobId]), updatedAtMs },
  )
  if (taken) return true
  return (await ctx.db.find(quotas, id))?.heldBy.includes(jobId) ?? false
}

/** How a job ended: `used` it, gives it `back` unused, or learned that WeChat has `none`. */
export async function settleQuota(
  ctx: Context,
  userId: string,
  code: string,
  jobId: string,
  outcome: 'used' | 'back' | 'none',
): Promise<void> {
  const updatedAtMs = ctx.clock.nowMs()
  const changes = {
    used: { heldBy: command.pull(jobId), updatedAtMs },
    back: { heldBy: command.pull(jobId), remaining: command.inc(1), updatedAtMs },
    none: { heldBy: [], remaining: 0, updatedAtMs },
  }
  await ctx.db.updateIf(quotas, quotaId(userId, code), { heldBy: command.all([jobId]) }, changes[outcome])
}
