/**
 * A query as a list of alternatives, of which each document that it finds meets one. An alternative is a table of
 * conditions by field, all of which hold. Conditions that are not understood are left out: that makes an alternative
 * wider, never narrower, so what it implies the query implies.
 */
import { BSONRegExp } from 'bson'
import { isPlain } from '../values.ts'

export interface Condition {
  operator: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte'
  value: unknown
  /** One of several values of an `in`. */
  fromList?: boolean
}

export type Branch = ReadonlyMap<string, Condition[]>

/** Each `in` and `or` multiplies; a query beyond this is refused rather than worked on for long. */
const MAX_BRANCHES = 1_000
/** Of all alternatives together: a few thousand values of a `nin` within a thousand alternatives are millions. */
const MAX_CONDITIONS = 20_000

/** Undefined when there would be too many alternatives, or conditions in them. */
export function branchesOf(query: Record<string, unknown>): Branch[] | undefined {
  const alternatives = alternativesOf(query)
  if (alternatives === undefined) return undefined
  // A query that finds nothing, `in []`: judged as one that says nothing.
  return (alternatives.length === 0 ? [[]] : alternatives).map(toBranch)
}

type Clause = { path: string; condition: Condition }[]
/** Says nothing, and so leaves the rest as it is. */
const ANYTHING: Clause[] = [[]]

function alternativesOf(query: Record<string, unknown>): Clause[] | undefined {
  return every(
    Object.entries(query).map(([key, value]) =>
      key.startsWith('$') ? logicOf(key, value) : fieldOf(key, value),
    ),
  )
}

function logicOf(operator: string, value: unknown): Clause[] | undefined {
  const queries = Array.isArray(value) && value.every(isPlain) ? value : []
  if (queries.length === 0) return ANYTHING
  if (operator === '$and') return every(queries.map(alternativesOf))
  return operator === '$or' ? some(queries.map(alternativesOf)) : ANYTHING
}

function fieldOf(path: string, value: unknown): Clause[] | undefined {
  if (!isOperators(value))
    return isPattern(value) ? ANYTHING : [[{ path, condition: { operator: 'eq', value } }]]
  return every(
    Object.entries(value).map(([operator, operand]) =>
      conditionsOf(operator, operand).map((conditions) =>
        conditions.map((condition) => ({ path, condition })),
      ),
    ),
  )
}

/** All of them hold: one alternative of each, in every combination. */
function every(sets: (Clause[] | undefined)[]): Clause[] | undefined {
  let product: Clause[] = [[]]
  let size = 0
  for (const set of sets) {
    if (!set || product.length * set.length > MAX_BRANCHES) return undefined
    size = size * set.length + product.length * sizeOf(set)
    if (size > MAX_CONDITIONS) return undefined
    const [only, ...others] = set
    if (!only || others.length > 0)
      product = product.flatMap((clause) => set.map((one) => [...clause, ...one]))
    // The clauses of the product are its own: a long row of single conditions is not copied again and again.
    else if (only.length > 0) for (const clause of product) clause.push(...only)
  }
  return product
}

const sizeOf = (set: Clause[]): number => set.reduce((sum, clause) => sum + clause.length, 0)

function some(sets: (Clause[] | undefined)[]): Clause[] | undefined {
  const sum = sets.flatMap((set) => set ?? [])
  return sets.includes(undefined) || sum.length > MAX_BRANCHES ? undefined : sum
}

/** Alternatives of one operator on one field. */
function conditionsOf(operator: string, operand: unknown): Condition[][] {
  if (operator === '$in' || operator === '$nin') {
    if (!Array.isArray(operand) || operand.some(isPattern)) return [[]]
    const values: unknown[] = operand
    if (operator === '$nin') return [values.map((value) => ({ operator: 'ne', value }))]
    return values.map((value) => [{ operator: 'eq', value, fromList: values.length > 1 }])
  }
  const name = Object.hasOwn(simple, operator) ? simple[operator] : undefined
  return name === undefined || isPattern(operand) ? [[]] : [[{ operator: name, value: operand }]]
}

const simple: Record<string, Condition['operator']> = {
  $eq: 'eq',
  $ne: 'ne',
  $neq: 'ne',
  $gt: 'gt',
  $gte: 'gte',
  $lt: 'lt',
  $lte: 'lte',
}

function isOperators(value: unknown): value is Record<string, unknown> {
  return isPlain(value) && (Object.keys(value)[0]?.startsWith('$') ?? false)
}

/** Matches by pattern and not by value. */
const isPattern = (value: unknown): boolean => value instanceof RegExp || value instanceof BSONRegExp

function toBranch(clause: Clause): Branch {
  const branch = new Map<string, Condition[]>()
  for (const { path, condition } of clause) {
    const known = branch.get(path)
    if (known) known.push(condition)
    else branch.set(path, [condition])
  }
  return branch
}
