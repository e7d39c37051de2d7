/**
 * The events that turn one result of a query into the next, in a client that can replace a document in its list, take
 * one out, and append one at the end (@cloudbase/database `virtual-websocket-client.ts`): nothing else.
 */
import type { DocId } from './documents.ts'
import { type FieldChanges, fieldChanges } from './field-changes.ts'
import type { ChangeKind, CollectionChanges, NetChange } from './net-changes.ts'

/** One document of a result. */
export interface Item {
  id: DocId
  /** As the client gets it. */
  text: string
  orderKey: Buffer
}

export interface ListEvent {
  /** `limit`: the document itself did not change; others moved it in, out, or to another place. */
  dataType: 'init' | ChangeKind | 'limit'
  queueType: 'init' | 'enqueue' | 'dequeue' | 'update'
  docId: DocId
  doc?: string
  fields?: FieldChanges
}

/**
 * @param changes what happened to the documents themselves
 * @param isOrdered the client's list must have the order of `next`: all behind the first document that is out of its
 *   place are taken out and appended again
 * @returns with the events, the client's list after them
 */
export function eventsBetween(
  current: readonly Item[],
  next: readonly Item[],
  changes: CollectionChanges,
  isOrdered: boolean,
): { events: ListEvent[]; items: Item[] } {
  const wanted = new Map(next.map((item) => [item.id, item]))
  const kept = isOrdered ? keptInOrder(current, next) : new Set(current.map(({ id }) => id))
  const events: ListEvent[] = []
  const items: Item[] = []
  for (const before of current) {
    const after = wanted.get(before.id)
    if (!after || !kept.has(before.id)) {
      events.push(dequeued(before, changes.get(before.id)?.kind))
      continue
    }
    items.push(after)
  }
  const texts = new Map(current.map(({ id, text }) => [id, text]))
  for (const { id, text } of items) {
    const before = texts.get(id)
    if (before !== undefined && before !== text) events.push(updated(id, before, text, changes.get(id)))
  }
  const isListed = new Set(items.map(({ id }) => id))
  for (const item of next) {
    if (isListed.has(item.id)) continue
    events.push({
      dataType: changes.get(item.id)?.kind ?? 'limit',
      queueType: 'enqueue',
      docId: item.id,
      doc: item.text,
    })
    items.push(item)
  }
  return { events, items }
}

/** The longest beginning of `next` that is left of `current` when other documents are taken out. */
function keptInOrder(current: readonly Item[], next: readonly Item[]): Set<DocId> {
  const places = new Map(current.map(({ id }, place) => [id, place]))
  const kept = new Set<DocId>()
  let last = -1
  for (const { id } of next) {
    const place = places.get(id)
    if (place === undefined || place < last) break
    kept.add(id)
    last = place
  }
  return kept
}

/** With the document as it was: whoever loses sight of it may not be allowed to know what became of it. */
function dequeued({ id, text }: Item, kind: ChangeKind | undefined): ListEvent {
  const event = { dataType: kind ?? 'limit', queueType: 'dequeue', docId: id } as const
  // Without a document, `replace` ends the watch, and `update` needs a way of copying that fails in some bundles.
  return kind === 'replace' || kind === 'update' ? { ...event, doc: text } : event
}

function updated(id: DocId, beforeText: string, doc: string, change: NetChange | undefined): ListEvent {
  const event = { queueType: 'update', docId: id, doc } as const
  if (change?.kind === 'replace') return { ...event, dataType: 'replace' }
  return { ...event, dataType: 'update', fields: fieldsOf(beforeText, doc, change) }
}

function fieldsOf(beforeText: string, afterText: string, change: NetChange | undefined): FieldChanges {
  if (!change || change.text !== afterText) return fieldChanges(beforeText, afterText)
  if (change.fields?.beforeText !== beforeText) {
    change.fields = { beforeText, changes: fieldChanges(beforeText, afterText) }
  }
  return change.fields.changes
}
