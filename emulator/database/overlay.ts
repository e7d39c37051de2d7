/**
 * What one transaction sees and wrote: a snapshot from its first operation on, with its own writes laid over it. Each
 * document it writes is locked, and must be as it was in the snapshot.
 */
import type { Batch, Mutation } from './batch.ts'
import type { Collection } from './catalogue.ts'
import { parseStored, stringify } from './ejson.ts'
import { DuplicateKey, TransactionConflict } from './errors.ts'
import type { Finder, Query } from './find.ts'
import { describeKey, indexKeys } from './indexes.ts'
import { encodeKey } from './keys.ts'
import { assertDocumentSize } from './limits.ts'
import { type LockOwner, type Locks, lockKey } from './locks.ts'
import { orderKey } from './order.ts'
import type { Store, View } from './store.ts'
import { type Document, fieldOf, type Value } from './values.ts'

/** One document that the transaction wrote. */
interface Staged {
  id: Value
  /** Its text in the snapshot; undefined when it did not exist. */
  base: string | undefined
  kind: Mutation['kind']
  current: Document | undefined
}

export class Overlay {
  private readonly staged = new Map<string, Map<string, Staged>>()
  private readonly collections = new Map<string, Collection>()
  private snapshot: { view: NonNullable<View>; release: () => void } | undefined

  constructor(
    private readonly deps: { store: Store; finder: Finder; locks: Locks },
    private readonly owner: LockOwner,
  ) {}

  find(name: string, query: Query, skip: number, limit: number): Document[] {
    const collection = this.collection(name)
    const { finder } = this.deps
    const staged = this.staged.get(name)
    if (!staged)
      return finder.find(collection, query, this.view(), skip, limit).map(({ document }) => document())
    // Own writes may take documents out of the snapshot's result and put others in, so read some more and merge.
    const documents = finder
      .find(collection, query, this.view(), 0, skip + limit + staged.size)
      .map(({ document }) => document())
      .filter((document) => !staged.has(idName(fieldOf(document, '_id'))))
    for (const { current } of staged.values()) if (current && query.test(current)) documents.push(current)
    const keyed = documents.map((document) => ({ document, key: orderKey(query.order, document) }))
    if (query.order.length > 0) keyed.sort((a, b) => Buffer.compare(a.key, b.key))
    return keyed.slice(skip, skip + limit).map(({ document }) => document)
  }

  /** Writes a document of this id, or without `after` removes it. */
  write(name: string, id: Value, kind: Mutation['kind'], after: Document | undefined): void {
    const collection = this.collection(name)
    const staged = this.staged.get(name) ?? new Map<string, Staged>()
    const known = staged.get(idName(id))
    const base = known ? known.base : this.textOf(collection, id, this.view())
    if (!known) this.lock(collection, id, base)
    if (kind === 'insert' && (known ? known.current : base) !== undefined) {
      throw new DuplicateKey(name, '_id_', `_id: ${stringify(id)}`)
    }
    if (after) this.assertStorable(collection, staged, id, after)
    staged.set(idName(id), { id, base, kind, current: after })
    this.staged.set(name, staged)
  }

  get hasWrites(): boolean {
    return this.staged.size > 0
  }

  /** Inside the write transaction: checks that nothing changed under the transaction, and says what to write. */
  mutations(batch: Batch): [collection: string, mutations: Mutation[]][] {
    return [...this.staged].map(([name, staged]) => {
      const collection = batch.get(name)
      const mutations: Mutation[] = []
      for (const { id, base, kind, current } of staged.values()) {
        const record = this.recordOf(collection, id, undefined)
        const text =
          record === undefined ? undefined : this.deps.store.document(collection, record, undefined)
        // A commit that was under way when the document was locked may have changed it since.
        if (text !== base) throw new TransactionConflict()
        // Written back as it was: nothing to do.
        if ((current && stringify(current)) === text) continue
        const before = text === undefined ? undefined : parseStored(text)
        mutations.push({ kind: kindOf(kind, before, current), record, before, after: current })
      }
      return [name, mutations]
    })
  }

  release(): void {
    this.snapshot?.release()
    this.snapshot = undefined
    this.deps.locks.releaseAll(this.owner)
  }

  /** The snapshot is taken by the first operation, not by the start. */
  private view(): NonNullable<View> {
    if (!this.snapshot) {
      const { store } = this.deps
      this.snapshot = store.snapshot()
      for (const collection of store.catalogue.all()) this.collections.set(collection.name, collection)
    }
    return this.snapshot.view
  }

  /** As it was at the snapshot: an index built since does not list what the snapshot holds. */
  private collection(name: string): Collection {
    this.view()
    return this.collections.get(name) ?? this.deps.store.catalogue.get(name)
  }

  private lock(collection: Collection, id: Value, base: string | undefined): void {
    const key = lockKey(collection, id)
    const holder = this.deps.locks.holder(key)
    if (holder && holder.id !== this.owner.id) {
      const isOwn = holder.invocationId !== undefined && holder.invocationId === this.owner.invocationId
      throw new TransactionConflict(isOwn ? undefined : key)
    }
    if (this.textOf(collection, id, undefined) !== base) throw new TransactionConflict(key)
    this.deps.locks.acquire(key, this.owner)
  }

  private recordOf(collection: Collection, id: Value, view: View): number | undefined {
    const [idIndex] = collection.indexes
    return idIndex && this.deps.store.uniqueRecord(idIndex, encodeKey(id), view)
  }

  private textOf(collection: Collection, id: Value, view: View): string | undefined {
    const record = this.recordOf(collection, id, view)
    return record === undefined ? undefined : this.deps.store.document(collection, record, view)
  }

  /** Against the snapshot and the transaction's own writes; what others commit meanwhile shows at the commit. */
  private assertStorable(
    collection: Collection,
    staged: Map<string, Staged>,
    id: Value,
    after: Document,
  ): void {
    assertDocumentSize(after, stringify(after))
    const { store } = this.deps
    for (const index of collection.indexes) {
      const keys = indexKeys(index, after).keys
      if (!index.unique || index === collection.indexes[0]) continue
      const refuse = () => new DuplicateKey(collection.name, index.name, describeKey(index, after))
      for (const key of keys) {
        const record = store.uniqueRecord(index, key, this.view())
        const text = record === undefined ? undefined : store.document(collection, record, this.view())
        const owner = text === undefined ? undefined : idName(fieldOf(parseStored(text), '_id'))
        if (owner !== undefined && owner !== idName(id) && !staged.has(owner)) throw refuse()
      }
      for (const [otherId, { current }] of staged) {
        if (otherId === idName(id) || !current) continue
        const others = indexKeys(index, current).keys
        if (others.some((other) => keys.some((key) => key.equals(other)))) throw refuse()
      }
    }
  }
}

/** What the commit did as a whole, seen from outside: a document removed and added again was replaced. */
function kindOf(
  last: Mutation['kind'],
  before: Document | undefined,
  after: Document | undefined,
): Mutation['kind'] {
  if (!after) return 'remove'
  if (!before) return 'insert'
  return last === 'insert' ? 'replace' : last
}

function idName(id: Value | undefined): string {
  return encodeKey(id).toString('latin1')
}
