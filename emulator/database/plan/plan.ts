/** Chooses how to find the candidates of a query: by an index, by several, or by reading the whole collection. */
import type { Collection, Index } from '../catalogue.ts'
import { afterPrefix } from '../keys.ts'
import type { Order } from '../order.ts'
import { type Document, isDocument, type Value } from '../values.ts'
import { type Condition, conditionsOf, type Interval, pointKeys, rangeInterval } from './bounds.ts'

export interface IndexPlan {
  kind: 'index'
  index: Index
  intervals: Interval[]
  /** How many leading fields are bound to points. */
  pointFields: number
  /** True when bounds narrow the index at all. */
  bounded: boolean
  /** True when candidates come in the wanted order. */
  sorted: boolean
  reverse: boolean
  /** True when every candidate is known to match. */
  exact: boolean
}

export type Plan = { kind: 'collection' } | IndexPlan | { kind: 'union'; plans: IndexPlan[] }

/** Counts the entries of intervals, but stops at `upTo`. */
export type CountEntries = (index: Index, intervals: Interval[], upTo: number) => number

/** More candidates than this make a sort in memory dearer than walking an index that is in order. */
const FEW_CANDIDATES = 1_000
/** `$in` lists over several fields multiply; beyond this the later fields are filtered instead. */
const MAX_INTERVALS = 1_000

export function choosePlan(collection: Collection, query: Document, order: Order, count: CountEntries): Plan {
  const conditions = conditionsOf(query)
  const plans = collection.indexes
    .map((index) => planIndex(index, query, conditions, order))
    .filter((plan) => plan.bounded || (plan.sorted && order.length > 0))
  const unique = plans.find((plan) => plan.index.unique && plan.pointFields === plan.index.fields.length)
  if (unique) return unique
  if (!plans.some(({ bounded }) => bounded)) {
    const union = planUnion(collection, query, count)
    if (union) return union
  }
  return cheapest(plans, order, count) ?? { kind: 'collection' }
}

function planIndex(index: Index, query: Document, conditions: Condition[], order: Order): IndexPlan {
  let prefixes: Buffer[] = [Buffer.alloc(0)]
  let intervals: Interval[] | undefined
  let pointFields = 0
  let points = true
  for (const { path, direction } of index.fields) {
    const own = conditions.filter((condition) => condition.path === path)
    const equal = own.find((condition) => condition.kind === 'points')
    if (equal?.kind === 'points') {
      const keys = pointKeys(equal.values, direction)
      if (prefixes.length * keys.length > MAX_INTERVALS && pointFields > 0) break
      prefixes = prefixes.flatMap((prefix) => keys.map((key) => Buffer.concat([prefix, key])))
      points &&= keys.length === 1
      pointFields += 1
      continue
    }
    const ranges = own.filter((condition) => condition.kind !== 'points')
    // Of an array one element may fulfil the one bound and another the other: only one of them narrows.
    const usable = index.multikey ? ranges.slice(0, 1) : ranges
    if (usable.length > 0) intervals = prefixes.map((prefix) => rangeInterval(prefix, usable, direction))
    break
  }
  intervals ??= prefixes.map((prefix) => ({ low: prefix, high: afterPrefix(prefix) }))
  const sorting = index.multikey || !points ? undefined : sortDirection(index, pointFields, conditions, order)
  return {
    kind: 'index',
    index,
    intervals: intervals.filter(({ low, high }) => !high || Buffer.compare(low, high) < 0),
    pointFields,
    bounded: intervals.length !== 1 || (intervals[0]?.low.length ?? 0) > 0,
    sorted: order.length === 0 || sorting !== undefined,
    reverse: sorting === -1,
    exact: isExact(index, query, pointFields),
  }
}

/** 1 or -1 when walking the index forwards or backwards gives the order; undefined when it cannot. */
function sortDirection(
  index: Index,
  pointFields: number,
  conditions: Condition[],
  order: Order,
): 1 | -1 | undefined {
  // A field bound to one value is the same everywhere, so it neither helps nor hinders.
  const isFixed = (path: string) =>
    conditions.some(
      (condition) => condition.path === path && condition.kind === 'points' && condition.values.length === 1,
    ) && index.fields.slice(0, pointFields).some((field) => field.path === path)
  const wanted = order.filter(({ path }) => !isFixed(path))
  const rest = index.fields.slice(pointFields)
  if (wanted.length > rest.length) return undefined
  let sign: 1 | -1 | undefined
  for (const [i, { path, direction }] of wanted.entries()) {
    const field = rest[i]
    if (!field || field.path !== path) return undefined
    const own = direction === field.direction ? 1 : -1
    if (sign !== undefined && sign !== own) return undefined
    sign = own
  }
  return sign ?? 1
}

/** A `$or` is served by indexes when each of its branches is. */
function planUnion(collection: Collection, query: Document, count: CountEntries): Plan | undefined {
  const branches = query.$or
  if (!Array.isArray(branches) || branches.length === 0) return undefined
  const plans: IndexPlan[] = []
  for (const branch of branches) {
    const plan = isDocument(branch) ? choosePlan(collection, branch, [], count) : undefined
    if (plan?.kind === 'union') plans.push(...plan.plans)
    else if (plan?.kind === 'index' && plan.bounded) plans.push({ ...plan, exact: false, sorted: false })
    else return undefined
  }
  return { kind: 'union', plans }
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
