/** Texts of the wire as values that rules can compare, and back. */
import { BSONError, EJSON, Long } from 'bson'
import { WireError } from '../core/errors.ts'

/** A query, an update or a document, decoded: JavaScript values, Date, and bson types for what has no other form. */
export type Doc = Record<string, unknown>

export const MAX_NESTING = 100

/** An empty text is the query of everything (`collection.remove()` sends one). */
export function parseQuery(text: unknown, nowMs: number): Doc {
  return text === undefined || text === '' ? {} : parseDoc(text, 'query', nowMs)
}

function parseDoc(text: unknown, what: string, nowMs: number): Doc {
  return decodeDoc(parseRaw(text, what), what, nowMs)
}

/** The text as plain JSON: numbers and dates keep the form in which they came. */
export function parseRaw(text: unknown, what: string): Doc {
  let raw: unknown
  try {
    raw = typeof text === 'string' ? JSON.parse(text) : undefined
  } catch {
    raw = undefined
  }
  if (!isPlain(raw)) throw new WireError('INVALID_PARAM', `${what} must be the JSON text of an object`)
  return raw
}

export function decodeDoc(raw: Doc, what: string, nowMs: number): Doc {
  const value = decode(raw, what, nowMs, 0)
  if (!isPlain(value)) throw new WireError('INVALID_PARAM', `${what} must be an object`)
  return value
}

export function stringifyEjson(value: Doc): string {
  try {
    return EJSON.stringify(value, { relaxed: false })
  } catch (error) {
    // Such as a plain object with a field `_bsontype`, by which the library knows its own values.
    if (error instanceof BSONError)
      throw new WireError('INVALID_PARAM', `cannot be written: ${error.message}`)
    throw error
  }
}

export function isPlain(value: unknown): value is Doc {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function decode(raw: unknown, what: string, nowMs: number, depth: number): unknown {
  if (depth > MAX_NESTING) throw new WireError('INVALID_PARAM', `${what} is nested too deeply`)
  if (Array.isArray(raw)) return raw.map((item) => decode(item, what, nowMs, depth + 1))
  if (!isPlain(raw)) return raw
  const [key, ...others] = Object.keys(raw)
  if (key?.startsWith('$') && others.length === 0) {
    const special = decodeSpecial(raw, key, what, nowMs)
    if (special !== undefined) return special
  }
  const decoded: Doc = {}
  for (const [name, item] of Object.entries(raw)) {
    if (name === '__proto__') throw new WireError('INVALID_PARAM', `${what} has a field named __proto__`)
    decoded[name] = decode(item, what, nowMs, depth + 1)
  }
  return decoded
}

/** What an object with one `$` key stands for; undefined when it is an operator. */
function decodeSpecial(raw: Doc, key: string, what: string, nowMs: number): unknown {
  const inner = raw[key]
  switch (key) {
    case '$numberInt':
    case '$numberDouble':
      return Number(inner)
    case '$numberLong': {
      const value = Number(inner)
      return Number.isSafeInteger(value) ? value : Long.fromString(String(inner))
    }
    case '$tcb_server_date': {
      const offset = isPlain(inner) ? decode(inner.offset ?? 0, what, nowMs, 0) : 0
      return new Date(nowMs + Number(offset))
    }
    case '$date':
      return dateOf(inner, what)
  }
  if (!BSON_KEYS.has(key)) return undefined
  try {
    return EJSON.deserialize(raw)
  } catch {
    throw new WireError('INVALID_PARAM', `${what} has an invalid ${key}`)
  }
}

/** As the database reads it: rules must judge the very date that is stored, digits in a text are milliseconds. */
function dateOf(inner: unknown, what: string): Date {
  const raw: unknown = isPlain(inner) ? (inner.$numberLong ?? inner.$numberInt ?? inner.$numberDouble) : inner
  const isText = typeof raw === 'string'
  const date = new Date(
    isText && !/^-?\d+$/.test(raw) ? raw : isText || typeof raw === 'number' ? Number(raw) : Number.NaN,
  )
  if (Number.isNaN(date.getTime())) throw new WireError('INVALID_PARAM', `${what} has an invalid $date`)
  return date
}

const BSON_KEYS = new Set([
  '$regularExpression',
  '$oid',
  '$binary',
  '$uuid',
  '$numberDecimal',
  '$timestamp',
  '$minKey',
  '$maxKey',
])
