/** Reads documents: candidates by plan, tested by the query, in the wanted order. */
import type { Collection } from './catalogue.ts'
import { parseStored } from './ejson.ts'
import { requestFailed } from './errors.ts'
import type { Variables } from './expression/context.ts'
import { nearRanges } from './geo/index-keys.ts'
import type { Near } from './geo/near.ts'
import { type FoundNear, nearest } from './nearest.ts'
import { type Order, orderKey } from './order.ts'
import type { Condition, Interval } from './plan/bounds.ts'
import { choosePlan, type IndexPlan, type Plan } from './plan/plan.ts'
import { compileQuery, type DocumentTest } from './query/compile.ts'
import { nearTest, takeNear } from './query/near.ts'
import type { Store, View } from './store.ts'
import type { Document } from './values.ts'

export interface Query {
  filter: Document
  test: DocumentTest
  order: Order
  /** Of `$near`, which `filter` is without: a condition, and an order where there is no other. */
  near?: Near
}

export interface Found {
  record: number
  text: string
  /** Parsed on demand: a document that is only handed on never is. */
  document(): Document
}

export interface Finder {
  plan(collection: Collection, query: Query, view: View): Plan
  /** Matching documents in order, from `skip` on, at most `limit`. */
  find(collection: Collection, query: Query, view: View, skip: number, limit: number): Found[]
  /** The first of those that match around the query's `near`. */
  nearest(collection: Collection, query: Query & { near: Near }, view: View, limit: number): FoundNear[]
  count(collection: Collection, query: Query, view: View): number
  /** The documents of these records that still exist. */
  read(collection: Collection, records: Iterable<number>, view: View): Found[]
}

export function toQuery(filter: Document, order: Order = [], variables?: Variables): Query {
  const { near, rest } = takeNear(filter) ?? { rest: filter }
  const test = compileQuery(rest, variables)
  if (!near) return { filter, test, order }
  const isNear = nearTest(near)
  return { filter: rest, test: (document) => test(document) && isNear(document), order, near }
}

export interface FinderListeners {
  /** Every plan before it runs. */
  onPlan(collection: Collection, query: Query, plan: Plan): void
  /** A near search at `path` is about to be refused. */
  onMissingGeoIndex(collection: Collection, path: string): void
}

export function createFinder(store: Store, { onPlan, onMissingGeoIndex }: FinderListeners): Finder {
  function plan(
    collection: Collection,
    query: Query,
    view: View,
    radians = query.near?.maxRadians ?? 0,
  ): Plan {
    const countEntries = (index: IndexPlan['index'], intervals: Interval[], upTo: number) => {
      let count = 0
      for (const { low, high } of intervals) {
        for (const _ of store.entriesBetween(index, low, high, false, view)) if (++count >= upTo) return count
      }
      return count
    }
    const around = query.near ? [cellsAround(collection, query.near, radians, onMissingGeoIndex)] : []
    const chosen = choosePlan(collection, query.filter, query.order, countEntries, around)
    onPlan(collection, query, chosen)
    return chosen
  }

  function* candidates(collection: Collection, chosen: Plan, order: Order, view: View): Iterable<Found> {
    if (chosen.kind === 'collection') {
      for (const { record, text } of store.scan(collection, view)) yield found(record, text)
      return
    }
    const plans = chosen.kind === 'union' ? chosen.plans : [chosen]
    const isMerge = chosen.kind === 'union' ? chosen.sorted && order.length > 0 : chosen.merged
    const runs = isMerge ? plans.flatMap((plan) => runsOf(plan)) : plans
    const streams = runs.map((run) => documentsOf(collection, run, view))
    const seen = plans.length > 1 || plans[0]?.index.multikey ? new Set<number>() : undefined
    for (const candidate of isMerge ? mergeSorted(streams, order) : oneAfterTheOther(streams)) {
      if (seen?.has(candidate.record)) continue
      seen?.add(candidate.record)
      yield candidate
    }
  }

  function* documentsOf(collection: Collection, plan: IndexPlan, view: View): Iterable<Found> {
    for (const record of recordsOf(plan, view)) {
      const text = store.document(collection, record, view)
      if (text !== undefined) yield found(record, text)
    }
  }

  function* recordsOf({ index, intervals, reverse, pointFields }: IndexPlan, view: View): Iterable<number> {
    for (const { low, high } of reverse ? [...intervals].reverse() : intervals) {
      if (index.unique && pointFields === index.fields.length) {
        const record = store.uniqueRecord(index, low, view)
        if (record !== undefined) yield record
      } else yield* store.entriesBetween(index, low, high, reverse, view)
    }
  }

  function* matches(collection: Collection, query: Query, chosen: Plan, view: View): Iterable<Found> {
    const isKnown = chosen.kind === 'index' && chosen.exact
    for (const candidate of candidates(collection, chosen, query.order, view)) {
      if (isKnown || query.test(candidate.document())) yield candidate
    }
  }

  function nearestOf(
    collection: Collection,
    query: Query & { near: Near },
    view: View,
    limit: number,
  ): FoundNear[] {
    return nearest(query.near, limit, (radians) =>
      matches(collection, query, plan(collection, query, view, radians), view),
    )
  }

  function read(collection: Collection, records: Iterable<number>, view: View): Found[] {
    const documents: Found[] = []
    for (const record of records) {
      const text = store.document(collection, record, view)
      if (text !== undefined) documents.push(found(record, text))
    }
    return documents
  }

  return {
    plan,
    read,
    nearest: nearestOf,
    find(collection, query, view, skip, limit) {
      const { near, order } = query
      if (near && order.length === 0) {
        const nearby = nearestOf(collection, { ...query, near }, view, skip + limit)
        return nearby.slice(skip).map(({ found }) => found)
      }
      const chosen = plan(collection, query, view)
      const isSorted = query.order.length === 0 || (chosen.kind !== 'collection' && chosen.sorted)
      if (isSorted) return take(matches(collection, query, chosen, view), skip, limit)
      // Only keys are kept while sorting; documents of the page are read again, so a large result costs little memory.
      const keyed: { record: number; key: Buffer }[] = []
      for (const { record, document } of matches(collection, query, chosen, view)) {
        keyed.push({ record, key: orderKey(query.order, document()) })
      }
      keyed.sort((a, b) => Buffer.compare(a.key, b.key) || a.record - b.record)
      const page = keyed.slice(skip, skip + limit).map(({ record }) => record)
      return read(collection, page, view)
    },
    count(collection, query, view) {
      if (Object.keys(query.filter).length === 0 && !view) return store.catalogue.count(collection.id)
      const chosen = plan(collection, query, view)
      const isKnown = chosen.kind === 'index' && chosen.exact
      let count = 0
      for (const _ of isKnown ? recordsOf(chosen, view) : matches(collection, query, chosen, view)) count++
      return count
    },
  }
}

/** What is near lies in these cells of a geo index, which MongoDB insists on. */
function cellsAround(
  collection: Collection,
  near: Near,
  radians: number,
  onMissing: FinderListeners['onMissingGeoIndex'],
): Condition {
  const isIndexed = collection.indexes.some(({ fields }) =>
    fields.some(({ path, direction }) => direction === '2dsphere' && path === near.path),
  )
  if (!isIndexed) {
    onMissing(collection, near.path)
    throw requestFailed('unable to find index for $geoNear query')
  }
  return { path: near.path, kind: 'cells', ranges: nearRanges(near, radians) }
}

/** The parts of a plan that are in order each for itself. */
function runsOf(plan: IndexPlan): IndexPlan[] {
  return plan.merged ? plan.intervals.map((interval) => ({ ...plan, intervals: [interval] })) : [plan]
}

function* oneAfterTheOther(streams: Iterable<Found>[]): Iterable<Found> {
  for (const stream of streams) yield* stream
}

/** Streams that are each in order, as one in order; only the head of each is read ahead. */
function* mergeSorted(streams: Iterable<Found>[], order: Order): Iterable<Found> {
  const heads: { found: Found; key: Buffer; rest: Iterator<Found> }[] = []
  const advance = (rest: Iterator<Found>) => {
    const next = rest.next()
    if (!next.done) heads.push({ found: next.value, key: orderKey(order, next.value.document()), rest })
  }
  for (const stream of streams) advance(stream[Symbol.iterator]())
  for (;;) {
    let least = heads[0]
    if (!least) return
    for (const head of heads) if (Buffer.compare(head.key, least.key) < 0) least = head
    heads.splice(heads.indexOf(least), 1)
    yield least.found
    advance(least.rest)
  }
}

function found(record: number, text: string): Found {
  let parsed: Document | undefined
  return { record, text, document: () => (parsed ??= parseStored(text)) }
}

function take(matches: Iterable<Found>, skip: number, limit: number): Found[] {
  const taken: Found[] = []
  if (limit <= 0) return taken
  let skipped = 0
  for (const match of matches) {
    if (skipped++ < skip) continue
    taken.push(match)
    if (taken.length >= limit) break
  }
  return taken
}
