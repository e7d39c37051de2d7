/**
 * What a commit did to each document in the end: writes that arrive together share a commit, so one document may have
 * been written several times in it.
 */
import { type CommittedChange, type DocId, type Document, docIdOf } from './documents.ts'

/** The platform's words for what happened to a document (`dataType` of a change). */
export type ChangeKind = 'add' | 'update' | 'replace' | 'remove'

export interface NetChange {
  id: DocId
  kind: ChangeKind
  /** Absent when the document was removed. */
  after?: Document
  /** Encoded once, for all who watch it. */
  text?: string
}

export type CollectionChanges = ReadonlyMap<DocId, NetChange>

/** By collection. */
export function netChanges(changes: CommittedChange[]): Map<string, CollectionChanges> {
  const collections = new Map<string, Map<DocId, NetChange>>()
  for (const { collection, id: rawId, kind, after } of changes) {
    const documents = collections.get(collection) ?? new Map<DocId, NetChange>()
    collections.set(collection, documents)
    const id = docIdOf(rawId)
    const earlier = documents.get(id)?.kind
    documents.set(id, { id, kind: earlier ? combined(earlier, kind) : firstKind(kind), after })
  }
  return collections
}

function firstKind(kind: CommittedChange['kind']): ChangeKind {
  return kind === 'insert' ? 'add' : kind
}

/** A document that was added and removed again counts as removed: nobody who watches had it. */
function combined(earlier: ChangeKind, kind: CommittedChange['kind']): ChangeKind {
  if (kind === 'remove') return 'remove'
  if (earlier === 'add') return 'add'
  if (earlier === 'remove' || earlier === 'replace') return 'replace'
  return kind === 'insert' ? 'replace' : kind
}
