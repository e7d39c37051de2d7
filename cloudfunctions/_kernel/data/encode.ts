import type { Doc } from '../context.ts'
import { command, type Operator } from '../runtime/cloud.ts'
import type { Collection } from './collection.ts'
import type { Change, Where } from './db.ts'

/** A change as the SDK takes it: plain values replace (the SDK would merge nested objects), `undefined` removes the field. */
export function encodeChange<T>(change: Change<T>): Record<string, unknown> {
  const encoded: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(change)) {
    encoded[path] = value === undefined ? command.remove() : isPlain(value) ? command.set(value) : value
  }
  return encoded
}

/** The change that turns any stored document into exactly `doc`. */
export function encodeReplacement<T extends Doc>(collection: Collection<T>, doc: T): Record<string, unknown> {
  const { _id, ...rest } = doc
  const absent = collection.fields.filter((field) => field !== '_id' && !(field in rest))
  return encodeChange({
    ...Object.fromEntries(absent.map((field) => [field, undefined])),
    ...rest,
  } as Change<T>)
}

/** Both conditions at once, whether they are objects or operators. */
export function both(first: object, second: object): object {
  return isPlain(first) && isPlain(second) && !sharesKeys(first, second)
    ? { ...first, ...second }
    : command.and([first, second])
}

/** A condition that is safe to send: the SDK refuses an object whose values are all undefined, `undefined` means "has no such field". */
export function encodeWhere<T>(where: Where<T>): object {
  if (!isPlain(where)) return where as Operator
  return Object.fromEntries(
    Object.entries(where).map(([path, value]) => [path, value === undefined ? command.exists(false) : value]),
  )
}

/** What the SDK stores: no `_id`, because it addresses the document, and no undefined fields. */
export function encodeBody<T extends Doc>(doc: T): Record<string, unknown> {
  const { _id, ...body } = doc
  return body
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    Array.isArray(value) ||
    (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
  )
}

function sharesKeys(first: object, second: object): boolean {
  return Object.keys(first).some((key) => Object.hasOwn(second, key))
}
