/** All watches there are, and the live queries that they share. */
import type { Log } from '../core/log.ts'
import type { CommittedChange, WatchedDatabase } from './documents.ts'
import type { LogBounds } from './event-log.ts'
import { LiveQuery } from './live-query.ts'
import { netChanges } from './net-changes.ts'
import type { WatchRequest } from './query-id.ts'
import { createTurns } from './turns.ts'
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

/** A live query with all who watch it. */
interface Audience {
  live: LiveQuery
  watches: Set<Watch>
  work(): void
}

export function createWatches({ database, log, logBounds, keepMs }: WatchesDeps): Watches {
  const byQueryId = new Map<string, Watch>()
  const audiences = new Map<string, Audience>()
  const byCollection = new Map<string, Set<Audience>>()
  const turns = createTurns()

  const unsubscribe = database.onCommit(onCommit)
  const sweeper = setInterval(sweep, keepMs / 4)
  sweeper.unref()

  function onCommit(changes: CommittedChange[]): void {
    for (const [collection, collectionChanges] of netChanges(changes)) {
      const concerned = byCollection.get(collection) ?? []
      for (const { live } of concerned) live.note(collectionChanges)
      turns.add(concerned)
    }
  }

  /** @param change brings the result up to date; true when it is another one then */
  function update(audience: Audience, change: (live: LiveQuery) => boolean): void {
    const { live, watches } = audience
    try {
      if (change(live)) turns.add(watches)
    } catch (error) {
      log.warn('realtime', `a watch on ${live.collection} has ended: ${String(error)}`)
      for (const watch of watches) {
        watch.fail(error)
        byQueryId.delete(watch.queryId)
      }
      forget(audience)
    }
  }

  function audienceOf(live: LiveQuery): Audience {
    const known = audiences.get(live.key)
    if (known) return known
    const audience: Audience = {
      live,
      watches: new Set(),
      work: () => update(audience, () => live.catchUp()),
    }
    audiences.set(live.key, audience)
    byCollection.set(live.collection, (byCollection.get(live.collection) ?? new Set()).add(audience))
    return audience
  }

  function remove(watch: Watch): void {
    watch.end()
    if (byQueryId.get(watch.queryId) === watch) byQueryId.delete(watch.queryId)
    const audience = audiences.get(watch.live.key)
    if (audience?.watches.delete(watch) && audience.watches.size === 0) forget(audience)
  }

  function forget(audience: Audience): void {
    const { key, collection } = audience.live
    if (audiences.get(key) === audience) audiences.delete(key)
    byCollection.get(collection)?.delete(audience)
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
      const key = keyOf(request)
      const known = audiences.get(key)
      if (known) update(known, (live) => live.catchUp())
      // Catching up may have been its end.
      const audience = audiences.get(key)
      if (audience) return audience.live
      const { collection, queryEjson, orderEjson, limit } = request
      const standing = database.standingQuery(collection, queryEjson, orderEjson)
      const isOrdered = orderEjson !== undefined
      return new LiveQuery(key, standing, { collection, limit, isOrdered, log: logBounds })
    },
    add(watch) {
      const earlier = byQueryId.get(watch.queryId)
      if (earlier && earlier !== watch) remove(earlier)
      byQueryId.set(watch.queryId, watch)
      audienceOf(watch.live).watches.add(watch)
    },
    remove,
    refresh() {
      for (const audience of audiences.values()) update(audience, (live) => live.refresh())
    },
    stop() {
      unsubscribe()
      clearInterval(sweeper)
      turns.stop()
      for (const watch of [...byQueryId.values()]) remove(watch)
    },
  }
}

function keyOf({ collection, queryEjson, orderEjson, limit }: WatchRequest): string {
  return JSON.stringify([collection, queryEjson, orderEjson, limit])
}
