import { type Collection, type Context, command, type Doc } from '../_kernel/index.ts'
import { nonces } from './rest/signature.ts'
import { tokenKeys } from './token/keys.ts'
import { webhookDeliveries } from './webhook/store.ts'

const KEEP_KEYS_MS = 86_400_000

/** Removes a batch of nonces, ended deliveries and old keys. @returns how many were removed. */
export async function cleanGateway(ctx: Context, limit: number): Promise<number> {
  const nowMs = ctx.clock.nowMs()
  return (
    (await removeBefore(ctx, nonces, 'expiresAtMs', nowMs, limit)) +
    (await removeBefore(ctx, webhookDeliveries, 'expiresAtMs', nowMs, limit)) +
    (await removeBefore(ctx, tokenKeys, 'endsAtMs', nowMs - KEEP_KEYS_MS, limit))
  )
}

async function removeBefore<T extends Doc>(
  ctx: Context,
  from: Collection<T>,
  field: keyof T & string,
  beforeMs: number,
  limit: number,
): Promise<number> {
  const old = await ctx.db.query(from, {
    where: command.and([{ [field]: command.lte(beforeMs) }]),
    orderBy: [[field, 'asc']],
    limit,
  })
  if (old.length === 0) return 0
  return ctx.db.removeMany(from, command.and([{ _id: command.in(old.map(({ _id }) => _id)) }]))
}
