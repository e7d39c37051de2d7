/** `request.data` of an update: what each field becomes, as far as the request says it. */
import { COMPUTED, REMOVED } from './operand.ts'
import { isPlain } from './values.ts'

export function isReplacement(change: Record<string, unknown>): boolean {
  return !Object.keys(change).some((key) => key.startsWith('$'))
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
    return Object.assign(data, change)
  }
  for (const [operator, fields] of Object.entries(change)) {
    if (!isPlain(fields)) continue
    for (const [path, value] of Object.entries(fields)) {
      setAt(data, path, operator === '$set' ? value : operator === '$unset' ? REMOVED : COMPUTED)
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
