/** `$` and `$[]` in the path of an update: which array elements are meant. */
import { requestFailed } from '../errors.ts'
import { valueAt } from '../paths.ts'
import { compileQuery } from '../query/compile.ts'
import { type Document, isDocument, type MaybeValue, type Value } from '../values.ts'
import { shownField } from './shown.ts'

/** The paths without placeholders that the path stands for in this document. */
export function concretePaths(segments: string[], document: Document, filter: Document): string[][] {
  const at = segments.findIndex((segment) => segment.startsWith('$'))
  if (at < 0) return [segments]
  const placeholder = segments[at] ?? ''
  const before = segments.slice(0, at)
  const after = segments.slice(at + 1)
  const array = valueAt(document, before)
  const path = segments.join('.')
  if (placeholder === '$') {
    const index = matchedElement(array, before.join('.'), filter)
    if (index === undefined) {
      throw requestFailed('The positional operator did not find the match needed from the query.')
    }
    return concretePaths([...before, String(index), ...after], document, filter)
  }
  if (placeholder === '$[]') {
    if (array === undefined) {
      throw requestFailed(
        `The path '${before.join('.')}' must exist in the document in order to apply array updates.`,
      )
    }
    if (!Array.isArray(array)) {
      throw requestFailed(
        `Cannot apply array updates to non-array element ${shownField(before.at(-1) ?? '', array)}`,
      )
    }
    return array.flatMap((_, i) => concretePaths([...before, String(i), ...after], document, filter))
  }
  // Array filters travel beside an update, and no SDK sends any.
  const [, identifier] = /^\$\[(\w+)\]$/.exec(placeholder) ?? []
  if (identifier !== undefined) {
    throw requestFailed(`No array filter found for identifier '${identifier}' in path '${path}'`)
  }
  throw requestFailed(`The dollar ($) prefixed field '${placeholder}' in '${path}' is not valid`)
}

/** The first element that fulfils what the query says about the array. */
function matchedElement(array: MaybeValue, path: string, filter: Document): number | undefined {
  if (!Array.isArray(array)) return undefined
  const conditions = elementConditions(filter, path)
  if (conditions.length === 0) return undefined
  const tests = conditions.map((condition) => compileQuery(condition))
  const index = array.findIndex((item: Value) => tests.every((test) => test({ item })))
  return index < 0 ? undefined : index
}

/** The query's conditions on `path` and below, said of one element that is called `item`. */
function elementConditions(filter: Document, path: string): Document[] {
  return Object.entries(filter).flatMap(([key, condition]): Document[] => {
    if (key === '$and' && Array.isArray(condition)) {
      return condition.flatMap((part) => (isDocument(part) ? elementConditions(part, path) : []))
    }
    if (key.startsWith(`${path}.`)) return [{ [`item.${key.slice(path.length + 1)}`]: condition }]
    if (key !== path) return []
    if (!isDocument(condition) || !Object.hasOwn(condition, '$elemMatch')) return [{ item: condition }]
    const inner = condition.$elemMatch ?? null
    const isOfValue = isDocument(inner) && Object.keys(inner)[0]?.startsWith('$')
    return isOfValue || !isDocument(inner)
      ? [{ item: inner }]
      : Object.entries(inner).map(([field, test]) => ({ [`item.${field}`]: test }))
  })
}
