/** All watches there are, and the live queries that they share. */
import type { Log } from '../core/log.ts'
import type { CommittedChange, WatchedDatabase } from './documents.ts'
import type { LogBounds } from './event-log.ts'
import { createFlushQueue } from './flush-queue.ts'
import { LiveQuery } from './live-query.ts'
import { type CollectionChanges, netChanges } from './net-changes.ts'
import type { WatchRequest } from './query-id.ts'
import type { Watch } from './watch.ts'

export interface WatchesDeps {
  database: WatchedDatabase
  log: Log
  logBounds: LogBounds
  /** How long a watch without a connection is kept for its client to come back. */
  keepMs: number
}

export interface Watches {
  find(queryId: string): Watch | undefined
  /** The live query of this request, whose query has been authorised; throws WireError when it cannot be watched. */
  open(request: WatchRequest): LiveQuery
  add(watch: Watch): void
  remove(watch: Watch): void
  /** Reads all results anew, after the database was replaced. */
  refresh(): void
  stop(): void
}

export function createWatches({ database, log, logBounds, keepMs }: WatchesDeps): Watches {
  const byQueryId = new Map<string, Watch>()
  const liveQueries = new Map<string, LiveQuery>()
  const byCollection = new Map<string, Set<LiveQuery>>()
  const watching = new Map<LiveQuery, Set<Watch>>()
  const flushQueue = createFlushQueue()

  const unsubscribe = database.onCommit(onCommit)
  const sweeper = setInterval(sweep, keepMs / 4)
  sweeper.unref()

  function onCommit(changes: CommittedChange[]): void {
    for (const [collection, collectionChanges] of netChanges(changes)) {
      for (const live of byCollection.get(collection) ?? []) update(live, collectionChanges)
    }
  }

  /** @param changes undefined reads anew */
  function update(live: LiveQuery, changes: CollectionChanges | undefined): void {
    try {
      const isChanged = changes ? live.apply(changes) : live.refresh()
      if (isChanged) flushQueue.add(watching.get(live) ?? [])
    } catch (error) {
      log.warn('realtime', `a watch on ${live.collection} has ended: ${String(error)}`)
      for (const watch of watching.get(live) ?? []) {
        watch.fail(error)
        byQueryId.delete(watch.queryId)
      }
      forget(live)
    }
  }

  function remove(watch: Watch): void {
    watch.end()
    if (byQueryId.get(watch.queryId) === watch) byQueryId.delete(watch.queryId)
    const others = watching.get(watch.live)
    others?.delete(watch)
    if (others?.size === 0) forget(watch.live)
  }

  function forget(live: LiveQuery): void {
    watching.delete(live)
    byCollection.get(live.collection)?.delete(live)
    if (liveQueries.get(live.key) === live) liveQueries.delete(live.key)
  }

  function sweep(): void {
    const longAgoMs = Date.now() - keepMs
    for (const watch of byQueryId.values()) {
      if (watch.detachedAtMs !== undefined && watch.detachedAtMs <= longAgoMs) remove(watch)
    }
  }

  return {
    find: (queryId) => byQueryId.get(queryId),
    open(request) {
      const { collection, queryEjson, orderEjson, limit } = request
      const known = liveQueries.get(keyOf(request))
      if (known) return known
      const standing = database.standingQuery(collection, queryEjson, orderEjson)
      return new LiveQuery(keyOf(request), standing, {
        collection,
        limit,
        isOrdered: orderEjson !== undefined,
        log: logBounds,
      })
    },
    add(watch) {
      const { live } = watch
      const earlier = byQueryId.get(watch.queryId)
      if (earlier && earlier !== watch) remove(earlier)
      byQueryId.set(watch.queryId, watch)
      liveQueries.set(live.key, live)
      byCollection.set(live.collection, (byCollection.get(live.collection) ?? new Set()).add(live))
      watching.set(live, (watching.get(live) ?? new Set()).add(watch))
    },
    remove,
    refresh() {
      for (const live of [...watching.keys()]) update(live, undefined)
    },
    stop() {
      unsubscribe()
      clearInterval(sweeper)
      flushQueue.stop()
      for (const watch of [...byQueryId.values()]) remove(watch)
    },
  }
}

function keyOf({ collection, queryEjson, orderEjson, limit }: WatchRequest): string {
  return JSON.stringify([collection, queryEjson, orderEjson, limit])
}
