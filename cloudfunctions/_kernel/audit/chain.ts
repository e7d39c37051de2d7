import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Context, Tx } from '../context.ts'
import { canonical } from '../data/canonical.ts'
import { collection } from '../data/collection.ts'
import { text } from '../input.ts'
import { command } from '../runtime/cloud.ts'

/**
 * Who did what to which record: append-only, and each entry carries the hash of the one before it, so that a changed,
 * removed or inserted entry shows. One chain per capability, so that unrelated work does not meet at one head.
 */
export const auditEntries = collection(
  'audit_entries',
  z.object({
    _id: text,
    chain: text,
    seq: z.int(),
    atMs: z.int(),
    actor: text,
    route: text,
    requestId: text,
    action: text,
    subject: text,
    details: z.record(text, z.unknown()),
    previousHash: text,
    hash: text,
  }),
)

const auditHeads = collection('audit_heads', z.object({ _id: text, seq: z.int(), hash: z.string() }))

type AuditEntry = ReturnType<typeof auditEntries.parse>

const BEFORE_THE_FIRST = '0'.repeat(64)

/** Appends within the caller's transaction: the entry exists exactly if what it tells about does. */
export async function appendToChain(
  tx: Tx,
  what: { action: string; subject: string; details?: Record<string, unknown> },
): Promise<void> {
  const { context } = tx
  const chain = context.route.split('/')[0] ?? context.route
  const head = (await tx.find(auditHeads, chain)) ?? { _id: chain, seq: 0, hash: BEFORE_THE_FIRST }
  const seq = head.seq + 1
  const unsealed = {
    _id: entryId(chain, seq),
    chain,
    seq,
    atMs: context.clock.nowMs(),
    actor: actorOf(context),
    route: context.route,
    requestId: context.requestId,
    action: what.action,
    subject: what.subject,
    details: what.details ?? {},
    previousHash: head.hash,
  }
  const entry = { ...unsealed, hash: hashOf(unsealed) }
  await tx.insert(auditEntries, entry)
  await tx.put(auditHeads, { _id: chain, seq, hash: entry.hash })
}

/** Walks a chain from its beginning. @returns the number of entries that hold, and the first that does not. */
export async function verifyAuditChain(
  ctx: Context,
  chain: string,
): Promise<{ verified: number; brokenAt: number | null }> {
  let previousHash = BEFORE_THE_FIRST
  let verified = 0
  for (;;) {
    const entries = await ctx.db.query(auditEntries, {
      where: { chain, seq: command.gt(verified) },
      orderBy: [['seq', 'asc']],
      limit: 500,
    })
    for (const entry of entries) {
      const holds =
        entry.seq === verified + 1 && entry.previousHash === previousHash && entry.hash === hashOf(entry)
      if (!holds) return { verified, brokenAt: verified + 1 }
      verified = entry.seq
      previousHash = entry.hash
    }
    if (entries.length === 0) break
  }
  const head = await ctx.db.find(auditHeads, chain)
  const isWhole = head === undefined ? verified === 0 : head.seq === verified && head.hash === previousHash
  return { verified, brokenAt: isWhole ? null : verified + 1 }
}

function entryId(chain: string, seq: number): string {
  return `${chain}-${String(seq).padStart(10, '0')}`
}

function actorOf({ caller }: Context): string {
  if (caller.kind === 'user') return caller.openid
  if (caller.kind === 'partner') return caller.partnerId
  return caller.kind === 'function' && caller.onBehalfOf ? caller.onBehalfOf : caller.kind
}

/** Over the fields in a fixed order, whatever order the database gives them back in. */
function hashOf(entry: Omit<AuditEntry, 'hash'>): string {
  const { _id, chain, seq, atMs, actor, route, requestId, action, subject, details, previousHash } = entry
  const sealed = [
    _id,
    chain,
    seq,
    atMs,
    actor,
    route,
    requestId,
    action,
    subject,
    canonical(details),
    previousHash,
  ]
  return createHash('sha256').update(JSON.stringify(sealed)).digest('hex')
}
