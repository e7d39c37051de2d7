/** $rename: moves a field; what was at the new name is overwritten. */
import { requestFailed } from '../errors.ts'
import { setAt, splitPath, unsetAt, valueAt } from '../paths.ts'
import type { Document, Value } from '../values.ts'
import { shown, shownField } from './shown.ts'

export function renameTarget(from: string, to: Value): string {
  if (typeof to !== 'string') {
    throw requestFailed(`The 'to' field for $rename must be a string: ${shownField(from, to)}`)
  }
  if (to === from) {
    throw requestFailed(`The source and target field for $rename must differ: ${shownField(from, to)}`)
  }
  return to
}

/** Changes the document, which must be the caller's own copy. */
export function rename(document: Document, from: string, to: string): void {
  const source = splitPath(from)
  const target = splitPath(to)
  const value = valueAt(document, source)
  if (value === undefined) return
  assertNoArray(document, source, 'source', from)
  assertNoArray(document, target, 'destination', to)
  unsetAt(document, source)
  setAt(document, target, value)
}

function assertNoArray(document: Document, segments: string[], end: string, path: string): void {
  for (let i = 1; i < segments.length; i++) {
    if (!Array.isArray(valueAt(document, segments.slice(0, i)))) continue
    throw requestFailed(
      `The ${end} field cannot be an array element, '${path}' in doc with _id: ${shown(document._id)} has an array field called '${segments[i - 1]}'`,
    )
  }
}
