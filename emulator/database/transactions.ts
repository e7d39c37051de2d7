/**
 * Transactions: a snapshot from the first operation on, an overlay of the transaction's own writes, a lock on each
 * document it wrote, and one commit for all of it. Conflicts show at once: on a document that another transaction
 * holds, or that changed since the snapshot. A transaction that failed is over, and so are its locks, since the SDK
 * starts anew without aborting the old one (@cloudbase/database transaction/index.ts).
 */
import type { Clock } from '../core/clock.ts'
import { WireError } from '../core/errors.ts'
import type { Ids } from '../core/ids.ts'
import type { Mutation } from './batch.ts'
import type { Collection } from './catalogue.ts'
import { parseStored, stringify } from './ejson.ts'
import { DuplicateKey, transactionConflict, transactionGone } from './errors.ts'
import type { Finder, Query } from './find.ts'
import { describeKey, indexKeys } from './indexes.ts'
import { encodeKey } from './keys.ts'
import { TRANSACTION_LIFE_MS } from './limits.ts'
import { type LockOwner, type Locks, lockKey } from './locks.ts'
import { orderKey } from './order.ts'
import type { Store, View } from './store.ts'
import { type Document, fieldOf, type Value } from './values.ts'
import type { Writer } from './writer.ts'

export interface Transactions {
  start(invocationId: string | undefined): string
  /** Runs one operation; if it fails in the database, the transaction is over. */
  run<T>(id: string, operation: (transaction: Transaction) => T): T
  commit(id: string): Promise<void>
  abort(id: string): void
  endInvocation(invocationId: string): void
  abortAll(reason: string): void
  open(): { id: string; invocationId: string | undefined; startedMs: number; writes: number }[]
}

/** What an action may do inside a transaction. */
export interface Transaction {
  find(collection: string, query: Query, skip: number, limit: number): Document[]
  insert(collection: string, document: Document): void
  /** Changes or, without `after`, removes a document that `find` gave. */
  change(collection: string, before: Document, kind: Mutation['kind'], after: Document | undefined): void
}

/** One document that the transaction wrote. */
interface Staged {
  id: Value
  /** Its text in the snapshot; undefined when it did not exist. */
  base: string | undefined
  kind: Mutation['kind']
  current: Document | undefined
}

interface Open extends LockOwner {
  startedMs: number
  snapshot?: { view: NonNullable<View>; release: () => void }
  collections: Map<string, Collection>
  staged: Map<string, Map<string, Staged>>
  isCommitting: boolean
  cancelExpiry: () => void
}

const REMEMBERED_ENDS = 1_000

export function createTransactions(deps: {
  store: Store
  writer: Writer
  finder: Finder
  locks: Locks
  clock: Clock
  ids: Ids
}): Transactions {
  const { store, writer, finder, locks, clock, ids } = deps
  const openOnes = new Map<string, Open>()
  const ends = new Map<string, string>()

  function get(id: string): Open {
    const transaction = openOnes.get(id)
    if (!transaction || transaction.isCommitting) throw transactionGone(id, ends.get(id) ?? 'does not exist')
    return transaction
  }

  function end(transaction: Open, reason: string): void {
    if (!openOnes.delete(transaction.id)) return
    transaction.cancelExpiry()
    transaction.snapshot?.release()
    ends.set(transaction.id, reason)
    const [oldest] = ends.keys()
    if (ends.size > REMEMBERED_ENDS && oldest !== undefined) ends.delete(oldest)
    locks.releaseAll(transaction)
  }

  /** The snapshot is taken by the first operation, not by the start. */
  function viewOf(transaction: Open): NonNullable<View> {
    if (!transaction.snapshot) {
      transaction.snapshot = store.snapshot()
      for (const collection of store.catalogue.all()) transaction.collections.set(collection.name, collection)
    }
    return transaction.snapshot.view
  }

  /** As it was at the snapshot: an index built since does not list what the snapshot holds. */
  function collectionOf(transaction: Open, name: string): Collection {
    viewOf(transaction)
    return transaction.collections.get(name) ?? store.catalogue.get(name)
  }

  function textOf(collection: Collection, id: Value, view: View): string | undefined {
    const [idIndex] = collection.indexes
    const record = idIndex && store.uniqueRecord(idIndex, encodeKey(id), view)
    return record === undefined ? undefined : store.document(collection, record, view)
  }

  function find(transaction: Open, name: string, query: Query, skip: number, limit: number): Document[] {
    const collection = collectionOf(transaction, name)
    const view = viewOf(transaction)
    const staged = transaction.staged.get(name)
    if (!staged) return finder.find(collection, query, view, skip, limit).map(({ document }) => document())
    // Own writes may take documents out of the snapshot's result and put others in, so read some more and merge.
    const documents = finder
      .find(collection, query, view, 0, skip + limit + staged.size)
      .map(({ document }) => document())
      .filter((document) => !staged.has(idName(fieldOf(document, '_id'))))
    for (const { current } of staged.values()) if (current && query.test(current)) documents.push(current)
    const keyed = documents.map((document) => ({ document, key: orderKey(query.order, document) }))
    if (query.order.length > 0) keyed.sort((a, b) => Buffer.compare(a.key, b.key))
    return keyed.slice(skip, skip + limit).map(({ document }) => document)
  }

  function stage(
    transaction: Open,
    name: string,
    id: Value,
    kind: Mutation['kind'],
    after: Document | undefined,
  ): void {
    const collection = collectionOf(transaction, name)
    const view = viewOf(transaction)
    const inCollection = transaction.staged.get(name) ?? new Map<string, Staged>()
    const known = inCollection.get(idName(id))
    const base = known ? known.base : textOf(collection, id, view)
    if (!known) {
      const key = lockKey(collection, id)
      const holder = locks.holder(key)
      if (holder && holder.id !== transaction.id) throw transactionConflict()
      if (textOf(collection, id, undefined) !== base) throw transactionConflict()
      locks.acquire(key, transaction)
    }
    const before = known ? known.current : base
    if (kind === 'insert' && before !== undefined) {
      throw new DuplicateKey(name, '_id_', `_id: ${stringify(id)}`)
    }
    if (after) assertUnique(transaction, collection, inCollection, id, after)
    inCollection.set(idName(id), {
      id,
      base,
      kind,
      current: after,
    })
    transaction.staged.set(name, inCollection)
  }

  /** Against the snapshot and the transaction's own writes; what others commit meanwhile shows at the commit. */
  function assertUnique(
    transaction: Open,
    collection: Collection,
    staged: Map<string, Staged>,
    id: Value,
    after: Document,
  ): void {
    const view = viewOf(transaction)
    for (const index of collection.indexes.slice(1)) {
      if (!index.unique) continue
      const keys = indexKeys(index, after).keys
      const refuse = () => new DuplicateKey(collection.name, index.name, describeKey(index, after))
      for (const key of keys) {
        const record = store.uniqueRecord(index, key, view)
        const text = record === undefined ? undefined : store.document(collection, record, view)
        const owner = text === undefined ? undefined : idName(fieldOf(parseStored(text), '_id'))
        if (owner !== undefined && owner !== idName(id) && !staged.has(owner)) throw refuse()
      }
      for (const [otherId, { current }] of staged) {
        if (otherId === idName(id) || !current) continue
        if (indexKeys(index, current).keys.some((other) => keys.some((key) => key.equals(other))))
          throw refuse()
      }
    }
  }

  async function commit(id: string): Promise<void> {
    const transaction = get(id)
    transaction.isCommitting = true
    transaction.cancelExpiry()
    ends.set(id, 'is being committed')
    try {
      if (transaction.staged.size > 0) {
        await writer.write((batch) => batch.apply(mutationsOf(transaction, (name) => batch.get(name))))
      }
      end(transaction, 'has been committed')
    } catch (error) {
      end(transaction, 'has been aborted')
      // The key was free in the snapshot, so someone else took it since: a conflict, which the SDK retries.
      throw error instanceof DuplicateKey ? transactionConflict() : error
    }
  }

  /** Inside the write transaction: checks that nothing changed under the transaction, and says what to write. */
  function mutationsOf(
    transaction: Open,
    getCollection: (name: string) => Collection,
  ): [string, Mutation[]][] {
    return [...transaction.staged].map(([name, staged]) => {
      const collection = getCollection(name)
      const [idIndex] = collection.indexes
      const mutations: Mutation[] = []
      for (const { id, base, kind, current } of staged.values()) {
        const record = idIndex && store.uniqueRecord(idIndex, encodeKey(id), undefined)
        const text = record === undefined ? undefined : store.document(collection, record, undefined)
        if (text !== base) throw transactionConflict()
        // Written back as it was: nothing to do.
        if ((current && stringify(current)) === text) continue
        const before = text === undefined ? undefined : parseStored(text)
        mutations.push({ kind: kindOf(kind, before, current), record, before, after: current })
      }
      return [name, mutations]
    })
  }

  return {
    start(invocationId) {
      const id = ids.hex(16)
      const startedMs = clock.nowMs()
      const transaction: Open = {
        id,
        invocationId,
        startedMs,
        collections: new Map(),
        staged: new Map(),
        isCommitting: false,
        cancelExpiry: () => {},
      }
      transaction.cancelExpiry = clock.at(startedMs + TRANSACTION_LIFE_MS, () =>
        end(transaction, `has expired after ${TRANSACTION_LIFE_MS / 1000} s`),
      )
      openOnes.set(id, transaction)
      return id
    },
    run(id, operation) {
      const transaction = get(id)
      try {
        return operation({
          find: (name, query, skip, limit) => find(transaction, name, query, skip, limit),
          insert: (name, document) =>
            stage(transaction, name, fieldOf(document, '_id') ?? null, 'insert', document),
          change: (name, before, kind, after) =>
            stage(transaction, name, fieldOf(before, '_id') ?? null, kind, after),
        })
      } catch (error) {
        if (error instanceof WireError && fatalCodes.has(error.code)) end(transaction, 'has been aborted')
        throw error
      }
    },
    commit,
    abort: (id) => end(get(id), 'has been aborted'),
    endInvocation(invocationId) {
      for (const transaction of [...openOnes.values()]) {
        if (transaction.invocationId === invocationId && !transaction.isCommitting) {
          end(transaction, 'was left open when its function returned, and has been rolled back')
        }
      }
    },
    abortAll(reason) {
      for (const transaction of [...openOnes.values()])
        if (!transaction.isCommitting) end(transaction, reason)
    },
    open: () =>
      [...openOnes.values()].map(({ id, invocationId, startedMs, staged }) => ({
        id,
        invocationId,
        startedMs,
        writes: [...staged.values()].reduce((sum, each) => sum + each.size, 0),
      })),
  }
}

/** As in MongoDB, an operation that fails in the database ends its transaction; one refused at the door does not. */
const fatalCodes = new Set(['DATABASE_TRANSACTION_CONFLICT', 'DATABASE_REQUEST_FAILED'])

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
