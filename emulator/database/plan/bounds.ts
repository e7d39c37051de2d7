/** What a query says about single fields, in the form an index can use: points and ranges of its keys. */
import { BSONRegExp } from 'bson'
import type { CellRange } from '../geo/cells.ts'
import { geoRanges } from '../geo/index-keys.ts'
import { afterPrefix, encodeKey } from '../keys.ts'
import {
  type Document,
  isDocument,
  isNumber,
  type MaybeValue,
  toNumber,
  typeOrderOf,
  type Value,
} from '../values.ts'

/** One condition that every matching document fulfils. */
export type Condition =
  | { path: string; kind: 'points'; values: Value[] }
  | { path: string; kind: 'above' | 'below'; value: Value; inclusive: boolean }
  /** Names of cells (geo/cells.ts) in which a geo index lists every match. */
  | { path: string; kind: 'cells'; ranges: CellRange[] }

/** Conditions joined by and; what cannot help an index is left out, since every candidate is tested again. */
export function conditionsOf(query: Document, prefix = ''): Condition[] {
  const conditions: Condition[] = []
  for (const [key, operand] of Object.entries(query)) {
    if (key === '$and' && Array.isArray(operand)) {
      for (const part of operand) if (isDocument(part)) conditions.push(...conditionsOf(part, prefix))
    } else if (!key.startsWith('$')) conditions.push(...fieldConditions(prefix + key, operand))
  }
  return conditions
}

function fieldConditions(path: string, operand: Value): Condition[] {
  if (!isDocument(operand) || !Object.keys(operand)[0]?.startsWith('$')) {
    return isPoint(operand) ? [{ path, kind: 'points', values: [operand] }] : []
  }
  const ranges = geoRanges(operand)
  const cells: Condition[] = ranges ? [{ path, kind: 'cells', ranges }] : []
  return [
    ...cells,
    ...Object.entries(operand).flatMap(([operator, value]) => operatorConditions(path, operator, value)),
  ]
}

function operatorConditions(path: string, operator: string, value: Value): Condition[] {
  switch (operator) {
    case '$eq':
      return isPoint(value) ? [{ path, kind: 'points', values: [value] }] : []
    case '$in':
      return Array.isArray(value) && value.every(isPoint) ? [{ path, kind: 'points', values: value }] : []
    case '$all': {
      const [first] = Array.isArray(value) ? value : []
      return first !== undefined && isPoint(first) && !isOperator(first)
        ? [{ path, kind: 'points', values: [first] }]
        : []
    }
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return rangeCondition(path, operator, value)
    case '$elemMatch':
      return isDocument(value) && !isOperator(value) ? conditionsOf(value, `${path}.`) : []
    default:
      return []
  }
}

function rangeCondition(path: string, operator: string, value: Value): Condition[] {
  const inclusive = operator.endsWith('e')
  if (value === null) return inclusive ? [{ path, kind: 'points', values: [null] }] : []
  if (!isPoint(value) || (isNumber(value) && Number.isNaN(toNumber(value)))) return []
  return [{ path, kind: operator.startsWith('$gt') ? 'above' : 'below', value, inclusive }]
}

/** An array is listed by its elements and a regex matches many texts: neither names one place in an index. */
function isPoint(value: Value): boolean {
  return !Array.isArray(value) && !(value instanceof BSONRegExp)
}

function isOperator(value: MaybeValue): boolean {
  return isDocument(value) && (Object.keys(value)[0]?.startsWith('$') ?? false)
}

/** From `low` up to, not including, `high`; no `high` means to the end of the index. */
export interface Interval {
  low: Buffer
  high: Buffer | undefined
}

/** The keys of the field, in its direction, for `$in` and equality; without doubles and in order. */
export function pointKeys(values: Value[], direction: 1 | -1): Buffer[] {
  const keys = new Map<string, Buffer>()
  for (const value of values) {
    const key = encodeKey(value, direction)
    keys.set(key.toString('latin1'), key)
  }
  return [...keys.values()].sort(Buffer.compare)
}

/** The intervals below `prefix` that hold every document listed in the cells. */
export function cellIntervals(prefix: Buffer, ranges: CellRange[]): Interval[] {
  return ranges.map(({ low, high }) => ({
    low: Buffer.concat([prefix, encodeKey(low)]),
    high: Buffer.concat([prefix, encodeKey(high)]),
  }))
}

type RangeCondition = Extract<Condition, { kind: 'above' | 'below' }>

export function isRange(condition: Condition): condition is RangeCondition {
  return condition.kind === 'above' || condition.kind === 'below'
}

/** The interval below `prefix` that holds every value fulfilling the ranges, which are of one type. */
export function rangeInterval(prefix: Buffer, ranges: RangeCondition[], direction: 1 | -1): Interval {
  const [first] = ranges
  const type = typeOrderOf(first?.value)
  const typeByte = direction === 1 ? type : ~type & 0xff
  let low: Buffer = Buffer.concat([prefix, Buffer.from([typeByte])])
  let high: Buffer | undefined = Buffer.concat([prefix, Buffer.from([typeByte + 1])])
  for (const { kind, value, inclusive } of ranges) {
    if (typeOrderOf(value) !== type) continue
    const key = Buffer.concat([prefix, encodeKey(value, direction)])
    const after = afterPrefix(key)
    // In a descending field larger values come first, so the sides change places.
    if ((kind === 'above') === (direction === 1)) {
      const bound = inclusive ? key : after
      if (bound && Buffer.compare(bound, low) > 0) low = bound
    } else {
      const bound = inclusive ? after : key
      if (bound && (!high || Buffer.compare(bound, high) < 0)) high = bound
    }
  }
  return { low, high }
}
