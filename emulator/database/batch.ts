/** The write side of one commit: documents, their index entries and counts, all checked before the first is written. */
import type { Collection, Index } from './catalogue.ts'
import type { Change } from './changes.ts'
import { parseStored, stringify } from './ejson.ts'
import { collectionExists, collectionMissing, DuplicateKey } from './errors.ts'
import { describeKey, indexKeys } from './indexes.ts'
import { assertDocumentSize } from './limits.ts'
import type { Store } from './store.ts'
import { type Document, fieldOf } from './values.ts'

/** A document to insert (`after`), change (both) or remove (`before`). */
export interface Mutation {
  kind: Change['kind']
  /** Where the document lies; absent for an insert. */
  record?: number
  before?: Document
  after?: Document
}

interface Entry {
  index: Index
  key: Buffer
  record: number
}

interface Prepared {
  collection: Collection
  documents: { mutation: Mutation; record: number; text: string | undefined }[]
  removed: Entry[]
  added: (Entry & { document: Document })[]
  multikey: Set<number>
}

export class Batch {
  private readonly changed = new Map<string, Collection>()
  private readonly counts = new Map<number, number>()
  private readonly changes: Change[] = []
  private cleared = false

  constructor(readonly store: Store) {}

  /** The collection as this batch left it so far. */
  get(name: string): Collection {
    const collection = this.find(name)
    if (!collection) throw collectionMissing()
    return collection
  }

  find(name: string): Collection | undefined {
    return this.changed.get(name) ?? (this.cleared ? undefined : this.store.catalogue.find(name))
  }

  create(name: string): Collection {
    if (this.find(name)) throw collectionExists()
    const collection = this.store.catalogue.newCollection(name)
    this.put(collection)
    return collection
  }

  put(collection: Collection): void {
    this.store.catalogue.put(collection)
    this.changed.set(collection.name, collection)
  }

  /** Applies everything, in one collection or several, or refuses before anything is written. */
  apply(parts: Iterable<[collection: string, mutations: Mutation[]]>): void {
    const prepared = [...parts].map(([name, mutations]) => this.prepare(this.get(name), mutations))
    for (const each of prepared) this.write(each)
  }

  private prepare(collection: Collection, mutations: Mutation[]): Prepared {
    const prepared: Prepared = { collection, documents: [], removed: [], added: [], multikey: new Set() }
    for (const mutation of mutations) {
      const { before, after } = mutation
      const record = mutation.record ?? this.store.newRecord(collection)
      const text = after && stringify(after)
      if (after && text !== undefined) assertDocumentSize(after, text)
      prepared.documents.push({ mutation, record, text })
      for (const index of collection.indexes) {
        const old = before ? indexKeys(index, before).keys : []
        const current = after ? indexKeys(index, after) : { keys: [], multikey: false }
        if (current.multikey) prepared.multikey.add(index.id)
        const stay = commonKeys(old, current.keys)
        for (const key of old) if (!stay.has(nameOf(key))) prepared.removed.push({ index, key, record })
        for (const key of current.keys) {
          if (!stay.has(nameOf(key)) && after) prepared.added.push({ index, key, record, document: after })
        }
      }
    }
    this.assertUnique(prepared)
    return prepared
  }

  /** Builds a new index over what the collection holds; refuses when a unique one is violated. */
  addIndex(name: string, index: Index): void {
    const collection = this.get(name)
    const seen = new Map<string, number>()
    const entries: Entry[] = []
    let multikey = false
    for (const { record, text } of this.store.scan(collection, undefined)) {
      const document = parseStored(text)
      const keys = indexKeys(index, document)
      multikey ||= keys.multikey
      for (const key of keys.keys) {
        if (index.unique) {
          const keyName = nameOf(key)
          if (seen.has(keyName)) throw new DuplicateKey(name, index.name, describeKey(index, document))
          seen.set(keyName, record)
        }
        entries.push({ index, key, record })
      }
    }
    for (const { key, record } of entries) this.store.putEntry(index, key, record)
    this.put({ ...collection, indexes: [...collection.indexes, { ...index, multikey }] })
  }

  /** Removes everything there is. */
  clear(): void {
    this.store.clear()
    this.cleared = true
    this.changed.clear()
    this.counts.clear()
  }

  /** Still inside the write transaction: the records that cover the whole batch. */
  finish(): void {
    for (const [id, count] of this.counts) this.store.catalogue.putCount(id, count)
  }

  /** After the commit: makes the new state known and returns what changed. */
  publish(): Change[] {
    const { catalogue } = this.store
    if (this.cleared) catalogue.publishCleared()
    for (const collection of this.changed.values()) catalogue.publish(collection)
    for (const [id, count] of this.counts) catalogue.publishCount(id, count)
    return this.changes
  }

  private assertUnique({ collection, removed, added }: Prepared): void {
    const freed = new Set(removed.filter(({ index }) => index.unique).map(entryName))
    const taken = new Set<string>()
    for (const entry of added) {
      const { index, key, document } = entry
      if (!index.unique) continue
      const entryKey = entryName(entry)
      const stored = freed.has(entryKey) ? undefined : this.store.uniqueRecord(index, key, undefined)
      if (taken.has(entryKey) || (stored !== undefined && stored !== entry.record)) {
        throw new DuplicateKey(collection.name, index.name, describeKey(index, document))
      }
      taken.add(entryKey)
    }
  }

  private write({ collection, documents, removed, added, multikey }: Prepared): void {
    const { store } = this
    // Removals first: a key may move from one document to another.
    for (const { index, key, record } of removed) store.removeEntry(index, key, record)
    for (const { index, key, record } of added) store.putEntry(index, key, record)
    for (const { mutation, record, text } of documents) {
      const { kind, before, after } = mutation
      if (text === undefined) store.removeDocument(collection, record)
      else store.putDocument(collection, record, text)
      const id = fieldOf(after ?? before ?? {}, '_id') ?? null
      this.changes.push({ collection: collection.name, id, kind, before, after })
      this.addToCount(collection, (after ? 1 : 0) - (before ? 1 : 0))
    }
    this.noteMultikey(collection, multikey)
  }

  private addToCount(collection: Collection, difference: number): void {
    if (difference === 0) return
    const count = this.counts.get(collection.id) ?? this.store.catalogue.count(collection.id)
    this.counts.set(collection.id, count + difference)
  }

  private noteMultikey(collection: Collection, indexIds: Set<number>): void {
    if (!collection.indexes.some(({ id, multikey }) => !multikey && indexIds.has(id))) return
    this.store.catalogue.markMultikey(collection.name, indexIds)
    const indexes = collection.indexes.map((index) =>
      indexIds.has(index.id) ? { ...index, multikey: true } : index,
    )
    this.put({ ...collection, indexes })
  }
}

function nameOf(key: Buffer): string {
  return key.toString('latin1')
}

function entryName({ index, key }: Entry): string {
  return `${index.id}:${nameOf(key)}`
}

function commonKeys(old: Buffer[], current: Buffer[]): Set<string> {
  if (old.length === 0 || current.length === 0) return noKeys
  const names = new Set(old.map(nameOf))
  return new Set(current.map(nameOf).filter((name) => names.has(name)))
}

const noKeys: Set<string> = new Set()
