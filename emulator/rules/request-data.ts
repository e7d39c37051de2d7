/** `request.data` of an update: what each field becomes, as far as the request says it. */
import { COMPUTED, REMOVED } from './operand.ts'
import { isPlain } from './values.ts'

export function isReplacement(change: Record<string, unknown>): boolean {
  return !Object.keys(change).some((key) => key.startsWith('$'))
}

/** On an object that takes the place of another value: what was there. Comparisons do not see symbols. */
const REPLACED = Symbol('replaced')
/** Nobody knows what was there, as with an update by a query. */
const UNKNOWN = Symbol('unknown')

/** Whether a member that `value`, a part of `request.data`, does not have was there before the change. */
export function isRemoved(value: unknown, key: string | number): boolean {
  // A list is looked at as it will be, so that a rule can limit its length.
  if (Array.isArray(value)) return !/^\d+$/.test(String(key))
  // What is no object has no members, whatever was there.
  if (!isPlain(value)) return true
  const before = Reflect.get(value, REPLACED)
  return before === UNKNOWN || (isPlain(before) && Object.hasOwn(before, key))
}

/** @param existing the document to be changed, when it is known */
export function requestData(
  change: Record<string, unknown>,
  existing: Record<string, unknown> | undefined,
): Record<string, unknown> {
  const data: Record<string, unknown> = Object.create(null)
  if (isReplacement(change)) {
    for (const field of Object.keys(existing ?? {})) {
      if (field !== '_id' && field !== '_openid') data[field] = REMOVED
    }
    for (const [field, value] of Object.entries(change)) data[field] = replacing(value, existing?.[field])
    return data
  }
  for (const [operator, fields] of Object.entries(change)) {
    if (!isPlain(fields)) continue
    for (const [path, value] of Object.entries(fields)) {
      const made = () => replacing(value, existing ? valueAt(existing, path) : UNKNOWN)
      setAt(data, path, operator === '$set' ? made() : operator === '$unset' ? REMOVED : COMPUTED)
      if (operator === '$rename' && typeof value === 'string') setAt(data, value, COMPUTED)
    }
  }
  return data
}

/** The paths that a change touches: `_openid` and `_id` must not be among them. */
export function changedFields(change: Record<string, unknown>): Set<string> {
  const paths = isReplacement(change)
    ? Object.keys(change)
    : Object.entries(change).flatMap(([operator, fields]) => [
        ...(isPlain(fields) ? Object.keys(fields) : []),
        ...(operator === '$rename' && isPlain(fields) ? Object.values(fields).map(String) : []),
      ])
  return new Set(paths.map((path) => path.split('.')[0] ?? path))
}

function setAt(data: Record<string, unknown>, path: string, value: unknown): void {
  const segments = path.split('.')
  const last = segments.pop() ?? path
  let object = data
  for (const segment of segments) {
    const inner = object[segment]
    // What was computed or removed above stays so; the database refuses such a change as a conflict.
    if (typeof inner === 'symbol') return
    const next: Record<string, unknown> = Object.assign(Object.create(null), isPlain(inner) ? inner : {})
    object[segment] = next
    object = next
  }
  object[last] = value
}

/** The value, which remembers in each of its objects what was in its place. */
function replacing(value: unknown, before: unknown): unknown {
  if (!isPlain(value)) return value
  const below = (key: string) => (before === UNKNOWN ? UNKNOWN : isPlain(before) ? before[key] : undefined)
  const entries = Object.entries(value).map(([key, inner]) => [key, replacing(inner, below(key))])
  return Object.assign(Object.fromEntries(entries), { [REPLACED]: before })
}

function valueAt(document: Record<string, unknown>, path: string): unknown {
  let value: unknown = document
  for (const segment of path.split('.')) {
    if (Array.isArray(value)) return UNKNOWN
    if (!isPlain(value) || !Object.hasOwn(value, segment)) return undefined
    value = value[segment]
  }
  return value
}
