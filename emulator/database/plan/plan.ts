/** Chooses how to find the candidates of a query: by an index, by several, or by reading the whole collection. */
import type { Collection, Index } from '../catalogue.ts'
import { afterPrefix } from '../keys.ts'
import type { Order } from '../order.ts'
import { type Document, isDocument, type Value } from '../values.ts'
import {
  type Condition,
  cellIntervals,
  conditionsOf,
  type Interval,
  isRange,
  pointKeys,
  rangeInterval,
} from './bounds.ts'

export interface IndexPlan {
  kind: 'index'
  index: Index
  intervals: Interval[]
  /** How many leading fields are bound to points. */
  pointFields: number
  /** True when bounds narrow the index at all. */
  bounded: boolean
  /** True when candidates come in the wanted order, walking the intervals one after the other or merging them. */
  sorted: boolean
  /** True when each interval is in order for itself, as of `$in` on a field before the order's. */
  merged: boolean
  reverse: boolean
  /** True when every candidate is known to match. */
  exact: boolean
}

/** The branches of an `$or`; in the wanted order when merged, if `sorted`. */
export interface UnionPlan {
  kind: 'union'
  plans: IndexPlan[]
  sorted: boolean
}

export type Plan = { kind: 'collection' } | IndexPlan | UnionPlan

/** Counts the entries of intervals, but stops at `upTo`. */
export type CountEntries = (index: Index, intervals: Interval[], upTo: number) => number

/** More candidates than this make a sort in memory dearer than walking an index that is in order. */
const FEW_CANDIDATES = 1_000
/** `$in` lists over several fields multiply; beyond this the later fields are filtered instead. */
const MAX_INTERVALS = 1_000
/** Each document taken from a merge is compared with the head of every interval. */
const MAX_MERGED_INTERVALS = 100
/** The branches of an `$or` within an `$or` multiply. */
const MAX_UNION_DEPTH = 2

/**
 * @param beside conditions that every wanted document fulfils and `query` does not say
 * @param depth how many `$or` around this one are planned already
 */
export function choosePlan(
  collection: Collection,
  query: Document,
  order: Order,
  count: CountEntries,
  beside: Condition[] = [],
  depth = 0,
): Plan {
  const conditions = [...beside, ...conditionsOf(query)]
  const plans = collection.indexes
    .map((index) => planIndex(index, query, conditions, order))
    .filter((plan) => plan !== undefined)
    .filter((plan) => plan.bounded || (plan.sorted && order.length > 0))
  const unique = plans.find((plan) => plan.index.unique && plan.pointFields === plan.index.fields.length)
  if (unique) return unique
  if (depth < MAX_UNION_DEPTH && !plans.some(({ bounded }) => bounded)) {
    const union = planUnion(collection, query, order, count, beside, depth)
    if (union) return union
  }
  return cheapest(plans, order, count) ?? { kind: 'collection' }
}

function planIndex(
  index: Index,
  query: Document,
  conditions: Condition[],
  order: Order,
): IndexPlan | undefined {
  let prefixes: Buffer[] = [Buffer.alloc(0)]
  let intervals: Interval[] | undefined
  let pointFields = 0
  for (const { path, direction } of index.fields) {
    const own = conditions.filter((condition) => condition.path === path)
    if (direction === '2dsphere') {
      const cells = own.find((condition) => condition.kind === 'cells')
      // A geo index does not list documents without a place, so only a question about the place may use it.
      if (cells?.kind !== 'cells') return undefined
      intervals = prefixes.flatMap((prefix) => cellIntervals(prefix, cells.ranges))
      break
    }
    const equal = own.find((condition) => condition.kind === 'points')
    if (equal?.kind === 'points') {
      const keys = pointKeys(equal.values, direction)
      if (prefixes.length * keys.length > MAX_INTERVALS && pointFields > 0) break
      prefixes = prefixes.flatMap((prefix) => keys.map((key) => Buffer.concat([prefix, key])))
      pointFields += 1
      continue
    }
    const ranges = own.filter(isRange)
    // Of an array one element may fulfil the one bound and another the other: only one of them narrows.
    const usable = index.multikey ? ranges.slice(0, 1) : ranges
    if (usable.length > 0) intervals = prefixes.map((prefix) => rangeInterval(prefix, usable, direction))
    break
  }
  intervals ??= prefixes.map((prefix) => ({ low: prefix, high: afterPrefix(prefix) }))
  // Within an interval the fields that are bound to points have one value each; in all of it, if there is one point.
  const points = index.fields.slice(0, pointFields).map(({ path }) => path)
  const hasOneValue = (path: string) =>
    points.includes(path) &&
    conditions.some(
      (condition) => condition.path === path && condition.kind === 'points' && condition.values.length === 1,
    )
  const walked = index.multikey ? undefined : directionOf(index, order, hasOneValue)
  const isMergeable = !index.multikey && walked === undefined && intervals.length <= MAX_MERGED_INTERVALS
  const merged = isMergeable ? directionOf(index, order, (path) => points.includes(path)) : undefined
  return {
    kind: 'index',
    index,
    intervals: intervals.filter(({ low, high }) => !high || Buffer.compare(low, high) < 0),
    pointFields,
    bounded: intervals.length !== 1 || (intervals[0]?.low.length ?? 0) > 0,
    sorted: order.length === 0 || walked !== undefined || merged !== undefined,
    merged: order.length > 0 && merged !== undefined,
    reverse: (walked ?? merged) === -1,
    // Cells hold more than what is asked for.
    exact: !conditions.some(({ kind }) => kind === 'cells') && isExact(index, query, pointFields),
  }
}

/**
 * 1 or -1 when walking the index forwards or backwards gives the order; undefined when it cannot. Fields that have one
 * value in all that is walked neither help nor hinder.
 */
function directionOf(index: Index, order: Order, isConstant: (path: string) => boolean): 1 | -1 | undefined {
  const wanted = order.filter(({ path }) => !isConstant(path))
  const fields = index.fields.filter(({ path }) => !isConstant(path))
  let sign: 1 | -1 | undefined
  for (const [i, { path, direction }] of wanted.entries()) {
    const field = fields[i]
    if (field?.path !== path || field.direction === '2dsphere') return undefined
    const own = direction === field.direction ? 1 : -1
    if (sign !== undefined && sign !== own) return undefined
    sign = own
  }
  return sign ?? 1
}

/** A `$or` is served by indexes when each of its branches is, with what the query says beside it. */
function planUnion(
  collection: Collection,
  query: Document,
  order: Order,
  count: CountEntries,
  beside: Condition[],
  depth: number,
): UnionPlan | undefined {
  const { branches, rest } = splitOr(query) ?? {}
  if (!branches || !rest) return undefined
  const plans: IndexPlan[] = []
  let sorted = true
  for (const branch of branches) {
    const plan = choosePlan(collection, { $and: [...rest, branch] }, order, count, beside, depth + 1)
    if (plan.kind === 'collection' || (plan.kind === 'index' && !plan.bounded)) return undefined
    sorted &&= plan.sorted
    for (const each of plan.kind === 'union' ? plan.plans : [plan]) plans.push({ ...each, exact: false })
  }
  return { kind: 'union', plans, sorted }
}

/** The branches of the first `$or` joined by and, and everything beside it. */
function splitOr(query: Document): { branches: Document[]; rest: Document[] } | undefined {
  const { $or, $and, ...fields } = query
  const parts = Array.isArray($and) ? $and.filter(isDocument) : []
  if (Array.isArray($or) && $or.length > 0) {
    return { branches: $or.filter(isDocument), rest: [fields, ...parts] }
  }
  for (const [i, part] of parts.entries()) {
    const inner = splitOr(part)
    if (inner) return { branches: inner.branches, rest: [fields, ...parts.toSpliced(i, 1), ...inner.rest] }
  }
  return undefined
}

function cheapest(plans: IndexPlan[], order: Order, count: CountEntries): IndexPlan | undefined {
  if (plans.length < 2) return plans[0]
  const rated = plans.map((plan) => ({
    plan,
    candidates: plan.bounded ? count(plan.index, plan.intervals, FEW_CANDIDATES + 1) : FEW_CANDIDATES + 1,
  }))
  rated.sort(
    (a, b) =>
      a.candidates - b.candidates ||
      (order.length > 0 ? Number(b.plan.sorted) - Number(a.plan.sorted) : 0) ||
      b.plan.pointFields - a.plan.pointFields ||
      Number(b.plan.bounded) - Number(a.plan.bounded),
  )
  return rated[0]?.plan
}

/** Whether the query says nothing but which plain values the leading fields have, so that an entry is a match. */
function isExact(index: Index, query: Document, pointFields: number): boolean {
  const points = index.fields.slice(0, pointFields).map(({ path }) => path)
  return (
    !index.multikey &&
    Object.entries(query).every(([path, value]) => points.includes(path) && isPlainPoint(value))
  )
}

function isPlainPoint(value: Value): boolean {
  if (value instanceof Date || value === null || typeof value !== 'object') return true
  if (!isDocument(value)) return false
  const [[operator, operand = null] = [], ...others] = Object.entries(value)
  if (others.length > 0 || operand === null) return false
  if (operator === '$eq') return typeof operand !== 'object'
  return operator === '$in' && Array.isArray(operand) && operand.every((item) => typeof item !== 'object')
}

/** The index that would serve the query: fields compared for equality, then the order's, then a range's. */
export function suggestIndex(query: Document, order: Order): { path: string; direction: 1 | -1 }[] {
  const fields = new Map<string, 1 | -1>()
  const conditions = conditionsOf(query)
  for (const { kind, path } of conditions) if (kind === 'points') fields.set(path, 1)
  for (const { path, direction } of order) if (!fields.has(path)) fields.set(path, direction)
  for (const { path } of conditions) if (!fields.has(path)) fields.set(path, 1)
  return [...fields].map(([path, direction]) => ({ path, direction }))
}
