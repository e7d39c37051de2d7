/** $rename: moves a field; what was at the new name is overwritten. */
import { requestFailed } from '../errors.ts'
import { setAt, splitPath, unsetAt, valueAt } from '../paths.ts'
import type { Document, Value } from '../values.ts'

export function renameTarget(from: string, to: Value): string {
  if (typeof to !== 'string') throw requestFailed(`The 'to' field for $rename must be a string: ${from}`)
  if (to === from) throw requestFailed(`The source and target field for $rename must differ: ${from}`)
  return to
}

/** Changes the document, which must be the caller's own copy. */
export function rename(document: Document, from: string, to: string): void {
  const value = valueAt(document, splitPath(from))
  if (value === undefined) return
  unsetAt(document, splitPath(from))
  setAt(document, splitPath(to), value)
}
