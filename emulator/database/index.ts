/** The document database of the local cloud: durable or in memory, spoken to by actions of the admin wire. */
import type { Clock } from '../core/clock.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Module } from '../core/module.ts'
import { readFilter, readOrder } from './actions/fields.ts'
import type { IndexDefinition } from './catalogue.ts'
import { type Change, createChangeFeed } from './changes.ts'
import { createCollection, ensureIndexes } from './collections.ts'
import { stringify } from './ejson.ts'
import type { Caller, Engine } from './engine.ts'
import { type Explanation, explain, warnOfMissingGeoIndexes, warnOfScans } from './explain.ts'
import { createFinder, toQuery } from './find.ts'
import { LOCK_WAIT_MS } from './limits.ts'
import { createLocks } from './locks.ts'
import { createMissingCollections } from './missing-collections.ts'
import { orderKey } from './order.ts'
import { type DatabaseSnapshot, exportAll, importAll, reset } from './snapshot.ts'
import { Store } from './store.ts'
import { createTransactions } from './transactions.ts'
import type { Document } from './values.ts'
import { dispatch } from './wire.ts'
import { createWriter } from './writer.ts'

export type { Change, DatabaseSnapshot, Explanation, IndexDefinition }

export interface Database extends Module {
  /** One action of the admin wire; resolves to the reply without `requestId`, throws WireError. */
  handle(action: string, body: Record<string, unknown>, caller: Caller): Promise<Record<string, unknown>>
  /** A function returned: transactions that its invocation left open are rolled back. */
  endInvocation(invocationId: string): Promise<void>
  createCollection(name: string): Promise<void>
  /** Creates the missing ones, by name; throws WireError when existing data violates a unique one. */
  ensureIndexes(collection: string, indexes: IndexDefinition[]): Promise<void>
  collections(): { name: string; count: number; indexes: IndexDefinition[] }[]
  explain(collection: string, queryEjson: string, orderEjson?: string): Explanation
  exportAll(): Promise<DatabaseSnapshot>
  importAll(snapshot: DatabaseSnapshot): Promise<void>
  reset(): Promise<void>
  /** Hears of every commit after it is durable; returns how to stop listening. */
  onCommit(listener: (changes: Change[]) => void): () => void
  /** Throws WireError when the query cannot be understood. */
  standingQuery(collection: string, queryEjson: string, orderEjson?: string): StandingQuery
}

/** A query that is asked again and again, as commits come in: what realtime watches. */
export interface StandingQuery {
  /** Documents of now, in order, at once: nothing is committed in between. Throws WireError without the collection. */
  read(limit: number): Document[]
  matches(document: Document): boolean
  /** Bytes that compare as documents do in the order asked for. */
  orderKey(document: Document): Buffer
  /** EJSON text. */
  encode(document: Document): string
}

export interface DatabaseDeps {
  /** Folder of the data; undefined keeps it for the life of this object only. */
  dir: string | undefined
  clock: Clock
  ids: Ids
  log: Log
  /** How long, in real time, a plain write waits for a document held by a transaction. */
  lockWaitMs?: number
  /** A collection that an action names and that is not there is made; by default the action is refused. */
  createCollections?: boolean
}

export function createDatabase(deps: DatabaseDeps): Database {
  const { dir, clock, ids, log, lockWaitMs = LOCK_WAIT_MS, createCollections = false } = deps
  const feed = createChangeFeed((error) =>
    log.error('database', 'a change listener failed', { error: String(error) }),
  )
  const store = new Store(dir)
  const writer = createWriter(store, feed.publish)
  const finder = createFinder(store, {
    onPlan: warnOfScans(store, log),
    onMissingGeoIndex: warnOfMissingGeoIndexes(log),
  })
  const locks = createLocks()
  const transactions = createTransactions({ store, writer, finder, locks, clock, ids })
  const missingCollections = createMissingCollections(createCollections, log)
  const engine: Engine = {
    store,
    writer,
    finder,
    locks,
    transactions,
    clock,
    ids,
    lockWaitMs,
    missingCollections,
  }
  let stopping: Promise<void> | undefined

  return {
    name: 'database',
    async start() {},
    stop() {
      stopping ??= stop()
      return stopping
    },
    handle: (action, body, caller) => dispatch(engine, action, body, caller),
    async endInvocation(invocationId) {
      transactions.endInvocation(invocationId)
    },
    createCollection: (name) => createCollection(engine, name),
    ensureIndexes: (collection, indexes) => ensureIndexes(engine, collection, indexes),
    collections: () =>
      store.catalogue.all().map(({ id, name, indexes }) => ({
        name,
        count: store.catalogue.count(id),
        indexes: indexes.map(({ definition }) => definition),
      })),
    explain: (collection, queryEjson, orderEjson) => explain(engine, collection, queryEjson, orderEjson),
    exportAll: async () => exportAll(engine),
    importAll: (snapshot) => importAll(engine, snapshot),
    reset: () => reset(engine),
    onCommit: feed.subscribe,
    standingQuery: (collection, queryEjson, orderEjson) =>
      openStandingQuery(engine, collection, queryEjson, orderEjson),
  }

  async function stop(): Promise<void> {
    transactions.abortAll('has been aborted: the database stopped')
    await writer.stop()
    await store.close()
  }
}

function openStandingQuery(
  { store, finder, clock }: Engine,
  collection: string,
  queryEjson: string,
  orderEjson: string | undefined,
): StandingQuery {
  const query = toQuery(readFilter(queryEjson, clock.nowMs()), readOrder(orderEjson))
  return {
    read: (limit) =>
      finder
        .find(store.catalogue.get(collection), query, undefined, 0, limit)
        .map(({ document }) => document()),
    matches: query.test,
    orderKey: (document) => orderKey(query.order, document),
    encode: stringify,
  }
}
