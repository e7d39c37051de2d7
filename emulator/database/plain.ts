/**
 * Documents as mingo wants them: plain numbers and native regular expressions instead of BSON wrappers. Parts without
 * wrappers are shared, so the result must not be changed in place.
 */
import { BSONRegExp, BSONValue, Double, Long } from 'bson'
import type { Document, Value } from './values.ts'

/** What mingo works on and gives back. */
export type Plain = unknown

export function toPlain(value: Value): Plain {
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  if (Array.isArray(value)) {
    const copy = value.map(toPlain)
    return copy.some((item, i) => item !== value[i]) ? copy : value
  }
  if (value instanceof Double) return value.value
  if (value instanceof Long) return value.toNumber()
  if (value instanceof BSONRegExp) return new RegExp(value.pattern, value.options.replace(/[^ims]/g, ''))
  if (value instanceof BSONValue) return value
  let copy: Record<string, Plain> | undefined
  for (const key of Object.keys(value)) {
    const item = value[key]
    if (item === undefined) continue
    const plain = toPlain(item)
    if (plain === item) continue
    copy ??= { ...value }
    copy[key] = plain
  }
  return copy ?? value
}

/** The other way; undefined fields vanish, native regular expressions are wrapped again. */
export function fromPlain(plain: Plain): Value {
  switch (typeof plain) {
    case 'number':
    case 'string':
    case 'boolean':
      return plain
    case 'bigint':
      return Number.isSafeInteger(Number(plain)) ? Number(plain) : Long.fromBigInt(plain)
  }
  if (plain === null || typeof plain !== 'object') return null
  if (plain instanceof Date || plain instanceof BSONValue) return plain
  if (plain instanceof RegExp) return new BSONRegExp(plain.source, plain.flags.replace(/[^imsu]/g, ''))
  if (Array.isArray(plain)) return plain.map(fromPlain)
  const document: Document = {}
  for (const [key, item] of Object.entries(plain)) if (item !== undefined) document[key] = fromPlain(item)
  return document
}
