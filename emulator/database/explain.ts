/** Tells how a query is carried out, and warns of queries that no index helps. */
import type { Log } from '../core/log.ts'
import { readFilter, readOrder } from './actions/fields.ts'
import type { Collection } from './catalogue.ts'
import type { Engine } from './engine.ts'
import { type Query, toQuery } from './find.ts'
import { SCAN_WARNING_DOCUMENTS } from './limits.ts'
import { type Plan, suggestIndex } from './plan/plan.ts'
import type { Store } from './store.ts'

export interface Explanation {
  plan: 'collection' | 'index' | 'union'
  /** Names of the indexes used. */
  indexes: string[]
  /** Leading fields of the first index that are bound to single values. */
  pointFields: number
  /** True when the index gives the order, so that nothing is sorted in memory. */
  sortedByIndex: boolean
  documents: number
  /** What would serve a query that no index helps. */
  suggestedIndex?: { path: string; direction: 1 | -1 }[]
}

export function explain(engine: Engine, name: string, queryEjson: string, orderEjson?: string): Explanation {
  const collection = engine.store.catalogue.get(name)
  const query = toQuery(readFilter(queryEjson, engine.clock.nowMs()), readOrder(orderEjson))
  const plan = engine.finder.plan(collection, query, undefined)
  const plans = plan.kind === 'collection' ? [] : plan.kind === 'union' ? plan.plans : [plan]
  return {
    plan: plan.kind,
    indexes: plans.map(({ index }) => index.name),
    pointFields: plans[0]?.pointFields ?? 0,
    sortedByIndex: query.order.length > 0 && plan.kind !== 'collection' && plan.sorted,
    documents: engine.store.catalogue.count(collection.id),
    suggestedIndex: isUnhelped(query, plan) ? suggestIndex(query.filter, query.order) : undefined,
  }
}

/** Warns once per collection and suggestion. */
export function warnOfScans(
  store: Store,
  log: Log,
): (collection: Collection, query: Query, plan: Plan) => void {
  const warned = new Set<string>()
  return (collection, query, plan) => {
    if (!isUnhelped(query, plan)) return
    const documents = store.catalogue.count(collection.id)
    if (documents <= SCAN_WARNING_DOCUMENTS) return
    const suggestedIndex = suggestIndex(query.filter, query.order)
    if (suggestedIndex.length === 0) return
    const key = `${collection.name}:${JSON.stringify(suggestedIndex)}`
    if (warned.has(key)) return
    warned.add(key)
    log.warn(
      'database',
      `a query on ${collection.name} reads all ${documents} documents: no index helps it. ${howToMake(collection.name, suggestedIndex)}`,
      {
        collection: collection.name,
        fields: Object.keys(query.filter),
        order: query.order.map(({ path, direction }) => ({ path, direction })),
        suggestedIndex,
      },
    )
  }
}

/** Warns once per place. */
export function warnOfMissingGeoIndexes(log: Log): (collection: Collection, path: string) => void {
  const warned = new Set<string>()
  return ({ name }, path) => {
    const key = `${name}:${path}`
    if (warned.has(key)) return
    warned.add(key)
    log.warn(
      'database',
      `a near search on ${name} needs a geo index. ${howToMake(name, [{ path, direction: '2dsphere' }])}`,
      { collection: name, path },
    )
  }
}

function howToMake(name: string, fields: { path: string; direction: 1 | -1 | '2dsphere' }[]): string {
  const body = { name, indexes: [{ name: fields.map(({ path }) => path).join('_'), fields }] }
  return `To make one: POST /control/collections ${JSON.stringify(body)}, or keep it in database-rules/${name}.json`
}

/** Reading everything in any order is what a query without conditions asks for; that needs no index. */
function isUnhelped(query: Query, plan: Plan): boolean {
  if (plan.kind === 'union') return false
  const hasConditions = Object.keys(query.filter).length > 0
  if (plan.kind === 'index') return hasConditions && !plan.bounded
  return hasConditions || query.order.length > 0
}
