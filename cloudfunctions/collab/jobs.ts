/** What time does to documents; the scheduler runs it. */
import { type Context, command } from '../_kernel/index.ts'
import { compact, tidy } from './log/compact.ts'
import { documents, parts, presence, updates, versions } from './store.ts'

/** A document is worth compacting when a client that opens it would have to apply more than this. */
const LONG_TAIL = 20
/** How long a removed document can still be brought back by hand. */
const KEEP_REMOVED_MS = 7 * 24 * 3_600_000
const PURGED_AT_ONCE = 5

/** Compacts documents with a long log. @returns how many. */
export async function compactDocuments(ctx: Context, limit: number): Promise<number> {
  const long = await ctx.db.query(documents, {
    where: { tailUpdates: command.gte(LONG_TAIL), removedAtMs: null },
    orderBy: [['tailUpdates', 'desc']],
    limit,
  })
  let compacted = 0
  for (const { _id } of long) if (await compact(ctx, _id)) compacted += 1
  return compacted
}

/** Takes away presences that lapsed, parts that were never used, and documents that were removed. @returns how many records. */
export async function cleanCollab(ctx: Context, limit: number): Promise<number> {
  const removed = [
    await removeLapsed(ctx, limit),
    await removeUnusedParts(ctx, limit),
    await tidyDocuments(ctx, limit),
    await purgeRemoved(ctx),
  ]
  return removed.reduce((total, count) => total + count, 0)
}

async function removeLapsed(ctx: Context, limit: number): Promise<number> {
  const lapsed = await ctx.db.query(presence, {
    where: { expiresAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['expiresAtMs', 'asc']],
    limit,
  })
  if (lapsed.length === 0) return 0
  return ctx.db.removeMany(presence, { _id: command.in(lapsed.map(({ _id }) => _id)) })
}

/** A compaction that died: before its snapshot was named the parts are of no use, after it they stay. */
async function removeUnusedParts(ctx: Context, limit: number): Promise<number> {
  const left = await ctx.db.query(parts, {
    where: { expiresAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['expiresAtMs', 'asc']],
    limit,
  })
  if (left.length === 0) return 0
  const holders = await ctx.db.findMany(documents, [...new Set(left.map(({ documentId }) => documentId))])
  const named = new Set(holders.map(({ snapshotId }) => snapshotId))
  const used = left.filter(({ holderId }) => named.has(holderId)).map(({ _id }) => _id)
  const unused = left.filter(({ holderId }) => !named.has(holderId)).map(({ _id }) => _id)
  if (used.length > 0) await ctx.db.updateMany(parts, { _id: command.in(used) }, { expiresAtMs: null })
  return unused.length > 0 ? ctx.db.removeMany(parts, { _id: command.in(unused) }) : 0
}

/** After compactions that died with their snapshot named. */
async function tidyDocuments(ctx: Context, limit: number): Promise<number> {
  const untidy = await ctx.db.query(documents, {
    where: { leftoverId: command.gt(''), removedAtMs: null },
    orderBy: [['leftoverId', 'asc']],
    limit,
  })
  for (const document of untidy) await tidy(ctx, document)
  return untidy.length
}

/** The document goes last, so that a run that dies is taken up again. */
async function purgeRemoved(ctx: Context): Promise<number> {
  const removed = await ctx.db.query(documents, {
    where: { removedAtMs: command.lte(ctx.clock.nowMs() - KEEP_REMOVED_MS) },
    orderBy: [['removedAtMs', 'asc']],
    limit: PURGED_AT_ONCE,
  })
  for (const { _id: documentId } of removed) {
    await ctx.db.removeMany(updates, { documentId })
    await ctx.db.removeMany(parts, { documentId })
    await ctx.db.removeMany(versions, { documentId })
    await ctx.db.removeMany(presence, { documentId })
    await ctx.db.remove(documents, documentId)
  }
  return removed.length
}
