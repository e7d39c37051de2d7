import { createHash } from 'node:crypto'
import * as z from 'zod'
import { userOf } from '../auth/guard.ts'
import type { Context, Tx } from '../context.ts'
import { canonical } from '../data/canonical.ts'
import { collection } from '../data/collection.ts'
import { refuse } from '../errors/app-error.ts'
import { text } from '../input.ts'
import { derivedId } from '../runtime/ids.ts'

/** The reply of a request that had its effect, written in the same transaction as the effect. */
export const idempotencyRecords = collection(
  'idempotency_records',
  z.object({
    _id: text,
    route: text,
    inputHash: text,
    reply: z.unknown(),
    createdAtMs: z.int(),
    expiresAtMs: z.int(),
  }),
)

/** When the cleaner may remove a reply: a client that comes back later is taken for a new one. */
const KEEP_MS = 3 * 24 * 3_600_000

/** What identifies this request: the user (whoever calls on their behalf), the route and the caller's request id. */
export interface RequestKey {
  id: string
  inputHash: string
}

export function requestKeyOf(ctx: Context, input: unknown): RequestKey {
  const who = userOf(ctx.caller) ?? ctx.caller.kind
  return {
    id: derivedId('idem', who, ctx.route, ctx.requestId),
    inputHash: createHash('sha256').update(canonical(input)).digest('hex'),
  }
}

/** The kept reply of an earlier try, if there was one. Refuses REQUEST_ID_REUSED for other input under the same id. */
export async function findReply(
  reads: Pick<Tx, 'find'>,
  key: RequestKey,
): Promise<{ reply: unknown } | undefined> {
  const record = await reads.find(idempotencyRecords, key.id)
  if (!record) return undefined
  if (record.inputHash !== key.inputHash) refuse('REQUEST_ID_REUSED')
  return { reply: record.reply }
}

/** An insert, never an overwrite: of two twins that both found nothing, the second must fail here. */
export async function keepReply(tx: Tx, key: RequestKey, reply: unknown): Promise<void> {
  const nowMs = tx.context.clock.nowMs()
  await tx.insert(idempotencyRecords, {
    _id: key.id,
    route: tx.context.route,
    inputHash: key.inputHash,
    reply: reply ?? null,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + KEEP_MS,
  })
}

/** For a `derived` route that found its earlier effect: refuses REQUEST_ID_REUSED when that came from other input. */
export function assertSameRequest(ctx: Context, storedHash: string | undefined): void {
  if (storedHash !== ctx.requestHash) refuse('REQUEST_ID_REUSED')
}
