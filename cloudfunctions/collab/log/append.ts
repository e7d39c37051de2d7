import { createHash } from 'node:crypto'
import { command, derivedId, refuse, type Tx } from '../../_kernel/index.ts'
import { type CollabDocument, MAX_STATE_BYTES, rememberWriter, standingOf, writerKey } from '../model.ts'
import { documents, updates } from '../store.ts'

/** An update as its client sends it: `clock` counts that client's updates. */
export interface Sent {
  userId: string
  clientId: string
  clock: number
  bytes: Uint8Array
}

/**
 * Adds an update to the log of a document that the transaction has read: the next number, the record under it and who
 * has sent it, all or nothing. The numbers of what readers can see therefore have no gap, and an update that comes
 * again is known, whether its record is still there or already part of a snapshot.
 */
export async function append(
  tx: Tx,
  document: CollabDocument,
  sent: Sent,
): Promise<{ seq: number | null; repeated: boolean; tailUpdates: number }> {
  const key = writerKey(sent.userId, sent.clientId)
  const hash = createHash('sha256').update(sent.bytes).digest('hex').slice(0, 16)
  const standing = standingOf(document.writers, { key, clock: sent.clock, hash })
  if (!standing.isNew) return { seq: standing.seq, repeated: true, tailUpdates: document.tailUpdates }

  const bytes = sent.bytes.length
  if (document.snapshotBytes + document.tailBytes + bytes > MAX_STATE_BYTES) {
    refuse('COLLAB_TOO_LARGE', { mostBytes: MAX_STATE_BYTES })
  }
  const seq = document.lastSeq + 1
  const atMs = tx.context.clock.nowMs()
  await tx.insert(updates, {
    _id: updateId(document._id, sent),
    documentId: document._id,
    seq,
    update: Buffer.from(sent.bytes).toString('base64'),
    bytes,
    atMs,
  })
  await tx.update(documents, document._id, {
    lastSeq: seq,
    tailUpdates: command.inc(1),
    tailBytes: command.inc(bytes),
    writers: rememberWriter(document.writers, { key, clock: sent.clock, hash, seq, atMs }),
    updatedAtMs: atMs,
  })
  return { seq, repeated: false, tailUpdates: document.tailUpdates + 1 }
}

/** The same for an update that comes again. */
export function updateId(documentId: string, { userId, clientId, clock }: Omit<Sent, 'bytes'>): string {
  return derivedId('upd', documentId, writerKey(userId, clientId), String(clock))
}
