/**
 * EJSON text to values and back. Reads canonical and relaxed EJSON v2 and the platform's `$tcb_server_date`; writes the
 * shortest EJSON that keeps every type, which is also the stored form, so that a read can hand it out unparsed.
 */
import { BSONRegExp, BSONValue, Double, EJSON, Long } from 'bson'
import { invalidParam } from './errors.ts'
import { MAX_NESTING } from './limits.ts'
import { type Document, isDocument, type Value } from './values.ts'

/** @param nowMs what `$tcb_server_date` stands for; without it the text may hold none. */
export function parseValue(text: string, what: string, nowMs?: number): Value {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    throw invalidParam(`${what} is not valid JSON`)
  }
  // Only a `$` key or a `__proto__` key needs the walk; most documents have neither.
  return toValue(raw, what, nowMs, 0)
}

export function parseDocument(text: string, what: string, nowMs?: number): Document {
  const value = parseValue(text, what, nowMs)
  if (!isDocument(value)) throw invalidParam(`${what} must be an object`)
  return value
}

/** Reads what `stringify` wrote; the text is trusted. */
export function parseStored(text: string): Document {
  const raw: unknown = JSON.parse(text)
  // Trusted: the store holds only texts that `stringifyDocument` wrote.
  return (text.includes('"$') ? toValue(raw, 'stored document', undefined, 0) : raw) as Document
}

function toValue(raw: unknown, what: string, nowMs: number | undefined, depth: number): Value {
  if (raw === null || typeof raw === 'string' || typeof raw === 'boolean') return raw
  if (typeof raw === 'number') return Object.is(raw, -0) ? 0 : raw
  if (depth > MAX_NESTING) throw invalidParam(`${what} is nested too deeply`)
  if (Array.isArray(raw)) {
    for (let i = 0; i < raw.length; i++) raw[i] = toValue(raw[i], what, nowMs, depth + 1)
    return raw
  }
  // JSON.parse gives nothing else than plain objects here.
  const object = raw as Record<string, unknown>
  const keys = Object.keys(object)
  const first = keys[0]
  if (first?.startsWith('$')) {
    const special = specialValue(object, first, keys.length, what, nowMs)
    if (special !== undefined) return special
  }
  for (const key of keys) {
    if (key === '__proto__') throw invalidParam(`${what} has a field named __proto__`)
    // BSON ends a name with it: such a document could be stored and never be read.
    if (key.includes('\0')) throw invalidParam(`${what} has a field name with a null byte`)
    object[key] = toValue(object[key], what, nowMs, depth + 1)
  }
  return object as Document
}

function specialValue(
  object: Record<string, unknown>,
  key: string,
  size: number,
  what: string,
  nowMs: number | undefined,
): Value | undefined {
  const inner = object[key]
  if (size === 1) {
    switch (key) {
      case '$numberInt':
        return integer(inner, what)
      case '$numberLong':
        return long(inner, what)
      case '$numberDouble':
        return double(inner, what)
      case '$date':
        return date(inner, what)
      case '$regularExpression':
        return regex(inner, what)
      case '$tcb_server_date':
        return serverDate(inner, what, nowMs)
    }
  }
  if (!bsonKeys.has(key)) return undefined
  try {
    const value: unknown = EJSON.deserialize(object, { relaxed: false })
    if (value instanceof BSONValue) return value
  } catch {
    throw invalidParam(`${what} has an invalid ${key}`)
  }
  return undefined
}

const bsonKeys = new Set([
  '$oid',
  '$binary',
  '$uuid',
  '$numberDecimal',
  '$timestamp',
  '$minKey',
  '$maxKey',
  '$symbol',
  '$code',
])

function integer(inner: unknown, what: string): number {
  const value = Number(inner)
  if (!Number.isInteger(value)) throw invalidParam(`${what} has an invalid $numberInt`)
  return value === 0 ? 0 : value
}

function long(inner: unknown, what: string): Value {
  if (!/^-?\d{1,19}$/.test(String(inner))) throw invalidParam(`${what} has an invalid $numberLong`)
  const value = Number(inner)
  return Number.isSafeInteger(value) ? (value === 0 ? 0 : value) : Long.fromString(String(inner))
}

function double(inner: unknown, what: string): Value {
  const text = String(inner)
  const value = Number(text)
  if (Number.isNaN(value) && text !== 'NaN') throw invalidParam(`${what} has an invalid $numberDouble`)
  return doubleValue(value)
}

/** A double as the document keeps it: wrapped when a plain number would read as an integer. */
export function doubleValue(value: number): Value {
  return Number.isSafeInteger(value) ? new Double(value) : value
}

/** The five forms in which dates arrive: canonical, relaxed, milliseconds, and ints from the gateway. */
function date(inner: unknown, what: string): Date {
  const raw = isPlain(inner) ? (inner.$numberLong ?? inner.$numberInt ?? inner.$numberDouble) : inner
  const value = new Date(
    typeof raw === 'string' && /^-?\d+$/.test(raw) ? Number(raw) : (raw as string | number),
  )
  if (Number.isNaN(value.getTime())) throw invalidParam(`${what} has an invalid $date`)
  return value
}

function regex(inner: unknown, what: string): BSONRegExp {
  if (!isPlain(inner) || typeof inner.pattern !== 'string') {
    throw invalidParam(`${what} has an invalid $regularExpression`)
  }
  // JavaScript's own flags (g, u, y, d) reach the server too; they mean nothing to a match.
  const options = typeof inner.options === 'string' ? inner.options.replace(/[^imsxlu]/g, '') : ''
  return new BSONRegExp(inner.pattern, [...new Set(options)].sort().join(''))
}

function serverDate(inner: unknown, what: string, nowMs: number | undefined): Date {
  if (nowMs === undefined) throw invalidParam(`${what} cannot hold a server date`)
  const offset = isPlain(inner) && inner.offset !== undefined ? toValue(inner.offset, what, undefined, 0) : 0
  const offsetMs = offset instanceof Double ? offset.value : offset
  if (typeof offsetMs !== 'number' || !Number.isFinite(offsetMs)) {
    throw invalidParam(`${what} has an invalid server date offset`)
  }
  return new Date(nowMs + offsetMs)
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

export function stringify(value: Value): string {
  return JSON.stringify(toEjson(value))
}

/** The same value as JSON.stringify wants it; shares every part that needs no change. */
function toEjson(value: Value): unknown {
  switch (typeof value) {
    case 'number':
      if (Number.isFinite(value)) return value
      return { $numberDouble: Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity' }
    case 'string':
    case 'boolean':
      return value
  }
  if (value === null) return null
  if (value instanceof Date) return { $date: { $numberLong: String(value.getTime()) } }
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined
    for (let i = 0; i < value.length; i++) {
      const item = value[i] ?? null
      const encoded = toEjson(item)
      if (encoded !== value[i]) copy ??= value.slice()
      if (copy) copy[i] = encoded
    }
    return copy ?? value
  }
  if (value instanceof BSONValue) return bsonToEjson(value)
  let copy: Record<string, unknown> | undefined
  for (const key of Object.keys(value)) {
    const item = value[key]
    if (item === undefined) continue
    const encoded = toEjson(item)
    if (encoded === item) continue
    copy ??= { ...value }
    copy[key] = encoded
  }
  return copy ?? value
}

function bsonToEjson(value: BSONValue): unknown {
  if (value instanceof Double) return { $numberDouble: String(value.value) }
  if (value instanceof Long) return { $numberLong: value.toString() }
  if (value instanceof BSONRegExp) {
    return { $regularExpression: { pattern: value.pattern, options: value.options } }
  }
  return EJSON.serialize(value, { relaxed: false })
}
