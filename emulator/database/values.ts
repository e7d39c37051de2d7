/**
 * What a stored document is made of. An integer in the safe range is a plain number (int32 or long by its size), a
 * fraction is a plain number too (double); only what a plain number cannot tell apart is wrapped: a double without
 * fraction (`Double`), a long beyond the safe range (`Long`), and a decimal (`Decimal128`), which the stored form keeps
 * exactly and which is compared by the nearest double.
 */
import { BSONRegExp, BSONValue, Decimal128, Double, Long } from 'bson'

export type Value = null | boolean | number | string | Date | BSONValue | Value[] | Document
export interface Document {
  [field: string]: Value
}
/** A value at a path, or undefined where the path leads nowhere. */
export type MaybeValue = Value | undefined
export type NumberValue = number | Double | Long | Decimal128

export function isDocument(value: unknown): value is Document {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof BSONValue)
  )
}

export function isNumber(value: MaybeValue): value is NumberValue {
  return (
    typeof value === 'number' ||
    value instanceof Double ||
    value instanceof Long ||
    value instanceof Decimal128
  )
}

export function toNumber(value: NumberValue): number {
  if (typeof value === 'number') return value
  return value instanceof Double ? value.value : Number(value.toString())
}

/** True for int32 and long, false for double and decimal. */
export function isIntegral(value: NumberValue): value is number | Long {
  if (typeof value === 'number') return Number.isSafeInteger(value)
  return value instanceof Long
}

/** The field of this very document; what a prototype offers is not a field. */
export function fieldOf(document: Document, field: string): MaybeValue {
  return Object.hasOwn(document, field) ? document[field] : undefined
}

/** Order of the types, as MongoDB compares BSON (manual: "Comparison/Sort Order"). */
export const TypeOrder = {
  minKey: 0x02,
  emptyArray: 0x08,
  null: 0x10,
  number: 0x20,
  string: 0x30,
  object: 0x40,
  array: 0x50,
  binary: 0x60,
  objectId: 0x70,
  boolean: 0x80,
  date: 0x90,
  timestamp: 0xa0,
  regex: 0xb0,
  other: 0xc0,
  maxKey: 0xf0,
} as const

export function typeOrderOf(value: MaybeValue): number {
  switch (typeof value) {
    case 'undefined':
      return TypeOrder.null
    case 'number':
      return TypeOrder.number
    case 'string':
      return TypeOrder.string
    case 'boolean':
      return TypeOrder.boolean
  }
  if (value === null) return TypeOrder.null
  if (Array.isArray(value)) return TypeOrder.array
  if (value instanceof Date) return TypeOrder.date
  if (value instanceof BSONValue) return bsonTypeOrder[value._bsontype] ?? TypeOrder.other
  return TypeOrder.object
}

const bsonTypeOrder: Record<string, number> = {
  Double: TypeOrder.number,
  Long: TypeOrder.number,
  Int32: TypeOrder.number,
  Decimal128: TypeOrder.number,
  BSONSymbol: TypeOrder.other,
  Binary: TypeOrder.binary,
  ObjectId: TypeOrder.objectId,
  Timestamp: TypeOrder.timestamp,
  BSONRegExp: TypeOrder.regex,
  MinKey: TypeOrder.minKey,
  MaxKey: TypeOrder.maxKey,
}

/** Total order over all values: by type, then within the type. Missing equals null. */
export function compare(a: MaybeValue, b: MaybeValue): number {
  const order = typeOrderOf(a) - typeOrderOf(b)
  if (order !== 0) return order
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b)
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime()
  if (Array.isArray(a) && Array.isArray(b)) return compareArrays(a, b)
  if (isDocument(a) && isDocument(b)) return compareDocuments(a, b)
  if (a instanceof BSONValue && b instanceof BSONValue) return compareText(bsonText(a), bsonText(b))
  return 0
}

export function equal(a: MaybeValue, b: MaybeValue): boolean {
  return a === b || compare(a, b) === 0
}

/** A text that orders and tells apart the rarer types. */
export function bsonText(value: BSONValue): string {
  if (value instanceof BSONRegExp) return `${value.pattern}\u0000${value.options}`
  return `${value._bsontype}${JSON.stringify(value)}`
}

function compareNumbers(a: NumberValue, b: NumberValue): number {
  if (a instanceof Long && b instanceof Long) return a.compare(b)
  const x = toNumber(a)
  const y = toNumber(b)
  if (x === y) return 0
  // NaN sorts below every other number and equals itself.
  if (Number.isNaN(x)) return Number.isNaN(y) ? 0 : -1
  if (Number.isNaN(y)) return 1
  return x < y ? -1 : 1
}

/** By code point, as UTF-8 bytes compare; differs from UTF-16 order only where surrogates meet U+E000 and above. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    const xBeyondBmp = x >= 0xd800 && x <= 0xdfff
    const yBeyondBmp = y >= 0xd800 && y <= 0xdfff
    if (xBeyondBmp !== yBeyondBmp) return xBeyondBmp ? 1 : -1
    return x - y
  }
  return a.length - b.length
}

function compareArrays(a: Value[], b: Value[]): number {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const order = compare(a[i], b[i])
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** Field by field in stored order: type, then name, then value. */
function compareDocuments(a: Document, b: Document): number {
  const aFields = Object.keys(a)
  const bFields = Object.keys(b)
  const shorter = Math.min(aFields.length, bFields.length)
  for (let i = 0; i < shorter; i++) {
    const aField = aFields[i] ?? ''
    const bField = bFields[i] ?? ''
    const byType = typeOrderOf(fieldOf(a, aField)) - typeOrderOf(fieldOf(b, bField))
    if (byType !== 0) return byType
    const byName = compareText(aField, bField)
    if (byName !== 0) return byName
    const byValue = compare(fieldOf(a, aField), fieldOf(b, bField))
    if (byValue !== 0) return byValue
  }
  return aFields.length - bFields.length
}
