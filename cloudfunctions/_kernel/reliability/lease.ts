import * as z from 'zod'
import type { Context } from '../context.ts'
import { collection } from '../data/collection.ts'
import { command } from '../runtime/cloud.ts'

const leases = collection('leases', z.object({ _id: z.string(), owner: z.string(), expiresAtMs: z.int() }))

/**
 * Runs `work` while holding the lease `name`, unless somebody else holds it. A lease ends by itself after `ttlMs`, so a
 * crash never blocks for longer; work that may take longer must tolerate company.
 */
export async function withLease<R>(
  ctx: Context,
  name: string,
  ttlMs: number,
  work: () => Promise<R>,
): Promise<{ held: true; value: R } | { held: false }> {
  const nowMs = ctx.clock.nowMs()
  const lease = { _id: name, owner: ctx.ids.next('own'), expiresAtMs: nowMs + ttlMs }
  const taken =
    (await ctx.db.updateIf(
      leases,
      name,
      { expiresAtMs: command.lte(nowMs) },
      { owner: lease.owner, expiresAtMs: lease.expiresAtMs },
    )) || (await ctx.db.insertIfAbsent(leases, lease))
  if (!taken) return { held: false }
  try {
    return { held: true, value: await work() }
  } finally {
    await ctx.db.updateIf(leases, name, { owner: lease.owner }, { expiresAtMs: 0 })
  }
}
