/** What the log asks of Yjs. The library is read with the first update: the other routes start without it. */
import { refuse } from '../../_kernel/index.ts'

/** Refuses COLLAB_UPDATE_INVALID for bytes that would stop every client that applied them. */
export async function assertApplicable(update: Uint8Array): Promise<void> {
  const Y = await import('yjs')
  try {
    Y.applyUpdate(new Y.Doc(), update)
  } catch (cause) {
    refuse('COLLAB_UPDATE_INVALID', {}, cause)
  }
}

/** One update that holds all of them; what was deleted leaves only its place. */
export async function merged(updates: readonly Uint8Array[]): Promise<Uint8Array> {
  const Y = await import('yjs')
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return Y.encodeStateAsUpdate(doc)
}

/**
 * The update that makes `current` look like `former` again: it undoes what has come since, so that everybody's document
 * converges on it and edits made meanwhile stay. Undefined when nothing has come since.
 */
export async function reverting(current: Uint8Array, former: Uint8Array): Promise<Uint8Array | undefined> {
  const Y = await import('yjs')
  const since = Symbol('since')
  const doc = new Y.Doc()
  Y.applyUpdate(doc, former)
  const undoer = new Y.UndoManager(doc, { trackedOrigins: new Set([since]) })
  Y.applyUpdate(doc, current, since)
  if (!undoer.canUndo()) return undefined
  const before = Y.encodeStateVector(doc)
  undoer.undo()
  return Y.encodeStateAsUpdate(doc, before)
}
