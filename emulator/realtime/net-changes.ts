/**
 * What a commit did to each document in the end: writes that arrive together share a commit, so one document may have
 * been written several times in it.
 */

import { type CommittedChange, type DocId, type Document, docIdOf } from './documents.ts'
import type { FieldChanges } from './field-changes.ts'

/** The platform's words for what happened to a document (`dataType` of a change). */
export type ChangeKind = 'add' | 'update' | 'replace' | 'remove'

export interface NetChange {
  id: DocId
  kind: ChangeKind
  /** Absent when the document was removed. */
  after?: Document
  /** Encoded once, for all who watch it. */
  text?: string
  /** What it changed in the document of this text: found out once, too. */
  fields?: { beforeText: string; changes: FieldChanges }
}

export type CollectionChanges = ReadonlyMap<DocId, NetChange>

/** By collection. */
export function netChanges(changes: CommittedChange[]): Map<string, CollectionChanges> {
  const collections = new Map<string, Map<DocId, NetChange>>()
  for (const { collection, id: rawId, kind, after } of changes) {
    const documents = collections.get(collection) ?? new Map<DocId, NetChange>()
    collections.set(collection, documents)
    const id = docIdOf(rawId)
    put(documents, { id, kind: kind === 'insert' ? 'add' : kind, after })
  }
  return collections
}

/** What several commits did to each document in the end. */
export function mergedChanges(commits: readonly CollectionChanges[]): CollectionChanges {
  const [only] = commits
  if (only && commits.length === 1) return only
  const documents = new Map<DocId, NetChange>()
  for (const changes of commits) for (const change of changes.values()) put(documents, change)
  return documents
}

function put(documents: Map<DocId, NetChange>, change: NetChange): void {
  const earlier = documents.get(change.id)
  documents.set(change.id, earlier ? { ...change, kind: combined(earlier.kind, change.kind) } : change)
}

/** A document that was added and removed again counts as removed: nobody who watches had it. */
function combined(earlier: ChangeKind, kind: ChangeKind): ChangeKind {
  if (kind === 'remove') return 'remove'
  if (earlier === 'add') return 'add'
  if (earlier === 'remove' || earlier === 'replace') return 'replace'
  return kind === 'add' ? 'replace' : kind
}
