import { type Context, command } from '../../_kernel/index.ts'
import type { CollabDocument } from '../model.ts'
import { parts, updates } from '../store.ts'
import { merged } from './yjs.ts'

/** In one request; what is beyond waits for the next compaction. */
const MOST_UPDATES = 500

export interface State {
  bytes: Uint8Array
  /** All updates up to this one are in it. */
  seq: number
  /** How much of the log that is. */
  tailUpdates: number
  tailBytes: number
}

/** What a document holds, out of its snapshot and its log. Undefined when a compaction has just replaced both. */
export async function findState(ctx: Context, document: CollabDocument): Promise<State | undefined> {
  const [snapshot, tail] = await Promise.all([
    findParts(ctx, document.snapshotId, document.snapshotParts),
    ctx.db.query(updates, {
      where: { documentId: document._id, seq: command.gt(document.snapshotSeq) },
      orderBy: [['seq', 'asc']],
      limit: MOST_UPDATES,
    }),
  ])
  const isWhole =
    tail.every(({ seq }, at) => seq === document.snapshotSeq + at + 1) &&
    tail.length >= Math.min(MOST_UPDATES, document.lastSeq - document.snapshotSeq)
  if (!snapshot || !isWhole) return undefined
  const all = tail.map(({ update }) => Buffer.from(update, 'base64'))
  return {
    bytes: await merged(snapshot.length > 0 ? [snapshot, ...all] : all),
    seq: document.snapshotSeq + tail.length,
    tailUpdates: tail.length,
    tailBytes: tail.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

/** Undefined when one is missing. */
export async function findParts(
  ctx: Context,
  holderId: string,
  count: number,
): Promise<Uint8Array | undefined> {
  if (count === 0) return new Uint8Array()
  const found = await ctx.db.query(parts, { where: { holderId }, orderBy: [['part', 'asc']], limit: count })
  if (found.length < count) return undefined
  return Buffer.concat(found.map(({ data }) => Buffer.from(data, 'base64')))
}
