/** How rules compare values. Nothing is converted: `1 == '1'` is false, and things of different kinds have no order. */
import { BSONValue, Double, Int32, Long } from 'bson'

export type Kind = 'null' | 'number' | 'string' | 'boolean' | 'date' | 'list' | 'object' | 'other'

export function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return 'null'
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return 'number'
    case 'string':
      return 'string'
    case 'boolean':
      return 'boolean'
  }
  if (value instanceof Double || value instanceof Int32 || value instanceof Long) return 'number'
  if (value instanceof Date) return 'date'
  if (Array.isArray(value)) return 'list'
  return isPlain(value) ? 'object' : 'other'
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || value instanceof BSONValue) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Deep and exact, field order included, as MongoDB compares documents; null and undefined are the same. */
export function isEqual(a: unknown, b: unknown): boolean {
  const kind = kindOf(a)
  if (kind !== kindOf(b)) return false
  switch (kind) {
    case 'null':
      return true
    case 'number':
    case 'date':
      return numberOf(a) === numberOf(b)
    case 'list':
      return areEqualLists(a as unknown[], b as unknown[]) // kindOf has looked
    case 'object':
      return areEqualLists(Object.entries(a as object), Object.entries(b as object))
    case 'other':
      return textOf(a) === textOf(b)
    default:
      return a === b
  }
}

/** Negative, 0 or positive; undefined where there is no order. A date counts as its milliseconds, to compare with `now`. */
export function orderOf(a: unknown, b: unknown): number | undefined {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  const x = numberOf(a)
  const y = numberOf(b)
  if (x === undefined || y === undefined || Number.isNaN(x) || Number.isNaN(y)) return undefined
  return x < y ? -1 : Number(x > y)
}

/** How a reader of the log sees a value. */
export function show(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (typeof value === 'bigint') return String(value)
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}

function areEqualLists(a: unknown[], b: unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => isEqual(item, b[index]))
}

function numberOf(value: unknown): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof Date) return value.getTime()
  if (value instanceof Double || value instanceof Int32) return value.value
  if (!(value instanceof Long)) return undefined
  const number = value.toNumber()
  return Number.isSafeInteger(number) ? number : value.toBigInt()
}

/** By code point, as the database orders texts. */
function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function textOf(value: unknown): string {
  const type = value instanceof BSONValue ? value._bsontype : ''
  return `${type}${value instanceof RegExp ? String(value) : JSON.stringify(value)}`
}
