/** A copy in which the value at the path may be set: documents on the way are copied, everything else is shared. */
import { type Document, fieldOf, isDocument } from '../values.ts'

export function structureCopy(document: Document, path: readonly string[]): Document {
  const copy = { ...document }
  const [first = '', ...rest] = path
  const value = fieldOf(copy, first)
  if (rest.length > 0 && value !== undefined && isDocument(value)) copy[first] = structureCopy(value, rest)
  return copy
}
