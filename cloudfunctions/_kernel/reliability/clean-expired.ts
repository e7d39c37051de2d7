import type { Context, Doc } from '../context.ts'
import type { Collection } from '../data/collection.ts'
import { command } from '../runtime/cloud.ts'
import { idempotencyRecords } from './idempotency.ts'
import { outbox } from './outbox.ts'

/** Removes a batch of what has served its time; the platform has no TTL index. @returns how many were removed. */
export async function cleanExpired(ctx: Context, limit: number): Promise<number> {
  return (await removeExpired(ctx, idempotencyRecords, limit)) + (await removeExpired(ctx, outbox, limit))
}

async function removeExpired<T extends Doc>(
  ctx: Context,
  expiring: Collection<T>,
  limit: number,
): Promise<number> {
  const expired = await ctx.db.query(expiring, {
    where: command.and([{ expiresAtMs: command.lte(ctx.clock.nowMs()) }]),
    orderBy: [['expiresAtMs', 'asc']],
    limit,
  })
  if (expired.length === 0) return 0
  return ctx.db.removeMany(expiring, command.and([{ _id: command.in(expired.map(({ _id }) => _id)) }]))
}
