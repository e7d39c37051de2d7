/** `$` and `$[]` in the path of an update: which array elements are meant. */
import { notEmulated } from '../../core/errors.ts'
import { requestFailed } from '../errors.ts'
import { valueAt } from '../paths.ts'
import { compileQuery } from '../query/compile.ts'
import { type Document, isDocument, type MaybeValue, type Value } from '../values.ts'

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
    if (!Array.isArray(array)) throw requestFailed(`The path '${path}' must exist and hold an array`)
    return array.flatMap((_, i) => concretePaths([...before, String(i), ...after], document, filter))
  }
  if (/^\$\[\w+\]$/.test(placeholder)) throw notEmulated(`array filters (${path})`)
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
