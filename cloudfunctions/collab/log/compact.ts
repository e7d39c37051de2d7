import { type Context, command } from '../../_kernel/index.ts'
import type { CollabDocument } from '../model.ts'
import { documents, parts, updates } from '../store.ts'
import { toParts } from './parts.ts'
import { findState } from './read-state.ts'

/** How long the parts of a snapshot may wait to be taken into use; then the cleaner looks after them. */
const UNUSED_MS = 3_600_000
/** In the place of the snapshot that a first one replaces. */
const NO_SNAPSHOT = 'none'

/**
 * Puts the updates so far into a snapshot and takes them out of the log. Writers go on meanwhile, and it may stop
 * anywhere: the new snapshot counts from the one conditional write that names it; before, nothing has changed, and
 * after it the old records are never read again. Of two at the same time, one gives up.
 *
 * @returns whether there was something to do, and it was done.
 */
export async function compact(ctx: Context, documentId: string): Promise<boolean> {
  const document = await ctx.db.find(documents, documentId)
  if (!document || document.removedAtMs !== null) return false
  if (document.leftoverId !== '') await tidy(ctx, document)
  if (document.lastSeq === document.snapshotSeq) return false
  const state = await findState(ctx, document)
  if (!state || state.tailUpdates === 0) return false

  const snapshotId = ctx.ids.next('snp')
  const expiresAtMs = ctx.clock.nowMs() + UNUSED_MS
  const pieces = toParts({ documentId, holderId: snapshotId, expiresAtMs }, state.bytes)
  for (const piece of pieces) await ctx.db.insert(parts, piece)
  const named = {
    snapshotId,
    snapshotSeq: state.seq,
    snapshotParts: pieces.length,
    snapshotBytes: state.bytes.length,
    leftoverId: document.snapshotId || NO_SNAPSHOT,
  }
  const isNamed = await ctx.db.updateIf(
    documents,
    documentId,
    { snapshotId: document.snapshotId, leftoverId: '', removedAtMs: null },
    {
      ...named,
      tailUpdates: command.inc(-state.tailUpdates),
      tailBytes: command.inc(-state.tailBytes),
    },
  )
  if (isNamed) await tidy(ctx, { ...document, ...named })
  else await ctx.db.removeMany(parts, { holderId: snapshotId })
  return isNamed
}

/** Takes away what the snapshot of a document has replaced. Until it is done, the document remembers it. */
export async function tidy(ctx: Context, document: CollabDocument): Promise<void> {
  const { _id: documentId, snapshotId, snapshotSeq, leftoverId } = document
  await ctx.db.updateMany(parts, { holderId: snapshotId }, { expiresAtMs: null })
  await ctx.db.removeMany(updates, { documentId, seq: command.lte(snapshotSeq) })
  if (leftoverId !== NO_SNAPSHOT) await ctx.db.removeMany(parts, { holderId: leftoverId })
  await ctx.db.updateIf(documents, documentId, { snapshotId }, { leftoverId: '' })
}
