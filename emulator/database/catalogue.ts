/** Which collections exist, with which indexes, and how many documents each holds. Records are replaced, never changed. */
import type { Database as Table } from 'lmdb'
import { collectionMissing, invalidParam } from './errors.ts'
import { MAX_INDEXES_PER_COLLECTION } from './limits.ts'
import { splitPath } from './paths.ts'

export interface IndexDefinition {
  name: string
  unique?: boolean
  fields: { path: string; direction: 1 | -1 | '2dsphere' }[]
}

export interface IndexField {
  path: string
  segments: string[]
  direction: IndexDefinition['fields'][number]['direction']
}

export interface Index {
  id: number
  name: string
  unique: boolean
  fields: IndexField[]
  /** True once a document had an array in an indexed field: then bounds of one field cannot be combined. */
  multikey: boolean
  definition: IndexDefinition
}

export interface Collection {
  id: number
  name: string
  /** The `_id` index comes first. */
  indexes: Index[]
}

interface StoredCollection {
  id: number
  name: string
  indexes: { id: number; multikey: boolean; definition: IndexDefinition }[]
}

export const ID_INDEX: IndexDefinition = {
  name: '_id_',
  unique: true,
  fields: [{ path: '_id', direction: 1 }],
}

export class Catalogue {
  private readonly collections = new Map<string, Collection>()
  private readonly counts = new Map<number, number>()
  private nextId = 1

  constructor(private readonly table: Table<string, string>) {
    for (const { key, value } of table.getRange()) {
      if (key.startsWith('collection:')) this.remember(JSON.parse(value) as StoredCollection)
      if (key.startsWith('count:')) this.counts.set(Number(key.slice('count:'.length)), Number(value))
    }
  }

  find(name: string): Collection | undefined {
    return this.collections.get(name)
  }

  get(name: string): Collection {
    const collection = this.collections.get(name)
    if (!collection) throw collectionMissing()
    return collection
  }

  all(): Collection[] {
    return [...this.collections.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  newCollection(name: string): Collection {
    return { id: this.takeId(), name, indexes: [this.newIndex(ID_INDEX)] }
  }

  newIndex(definition: IndexDefinition): Index {
    return toIndex(this.takeId(), false, definition)
  }

  /** Writes the record; inside a write transaction. `publish` makes it visible once that has committed. */
  put(collection: Collection): void {
    const stored: StoredCollection = {
      id: collection.id,
      name: collection.name,
      indexes: collection.indexes.map(({ id, multikey, definition }) => ({ id, multikey, definition })),
    }
    this.table.put(`collection:${collection.name}`, JSON.stringify(stored))
  }

  publish(collection: Collection): void {
    this.collections.set(collection.name, collection)
  }

  /**
   * Known at once, before the commit: a reader may see the commit a moment before it is published, and a flag that is
   * set without need only makes plans more careful.
   */
  markMultikey(name: string, indexIds: Set<number>): void {
    const collection = this.collections.get(name)
    if (!collection) return
    const indexes = collection.indexes.map((index) =>
      indexIds.has(index.id) ? { ...index, multikey: true } : index,
    )
    this.collections.set(name, { ...collection, indexes })
  }

  putCount(collectionId: number, count: number): void {
    this.table.put(`count:${collectionId}`, String(count))
  }

  publishCount(collectionId: number, count: number): void {
    this.counts.set(collectionId, count)
  }

  count(collectionId: number): number {
    return this.counts.get(collectionId) ?? 0
  }

  /** Forgets everything; inside a write transaction. */
  clearTable(): void {
    this.table.clearSync()
  }

  publishCleared(): void {
    this.collections.clear()
    this.counts.clear()
  }

  private remember(stored: StoredCollection): void {
    const indexes = stored.indexes.map(({ id, multikey, definition }) => toIndex(id, multikey, definition))
    this.collections.set(stored.name, { id: stored.id, name: stored.name, indexes })
    this.nextId = Math.max(this.nextId, stored.id + 1, ...indexes.map(({ id }) => id + 1))
  }

  private takeId(): number {
    return this.nextId++
  }
}

function toIndex(id: number, multikey: boolean, definition: IndexDefinition): Index {
  const fields = definition.fields.map(({ path, direction }) => ({
    path,
    segments: splitPath(path),
    direction,
  }))
  return { id, name: definition.name, unique: definition.unique ?? false, fields, multikey, definition }
}

/** Refuses definitions that the platform would refuse. `existing` counts the collection's own indexes with `_id_`. */
export function assertIndexDefinition(definition: IndexDefinition, existing: number): void {
  if (!definition.name || definition.name.length > 128) throw invalidParam('an index needs a name')
  if (definition.fields.length === 0) throw invalidParam(`index ${definition.name} has no fields`)
  for (const { path, direction } of definition.fields) {
    splitPath(path)
    if (direction !== 1 && direction !== -1 && direction !== '2dsphere') {
      throw invalidParam(`index ${definition.name}: direction of ${path} must be 1, -1 or 2dsphere`)
    }
  }
  if (new Set(definition.fields.map(({ path }) => path)).size !== definition.fields.length) {
    throw invalidParam(`index ${definition.name} names a field twice`)
  }
  if (existing >= MAX_INDEXES_PER_COLLECTION) {
    throw invalidParam(`a collection has at most ${MAX_INDEXES_PER_COLLECTION} indexes`)
  }
}
