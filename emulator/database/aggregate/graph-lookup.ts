/** $graphLookup: follows references from document to document of another collection. */
import { requestFailed } from '../errors.ts'
import { type Found, toQuery } from '../find.ts'
import { encodeKey } from '../keys.ts'
import { indexedValues, setAt, splitPath } from '../paths.ts'
import { toPlain } from '../plain.ts'
import {
  type Document,
  fieldOf,
  isDocument,
  isNumber,
  type MaybeValue,
  toNumber,
  type Value,
} from '../values.ts'
import { evaluate } from './mingo.ts'
import type { StageContext } from './stage.ts'
import { structureCopy } from './structure-copy.ts'

export function graphLookup(documents: Document[], operand: Value, context: StageContext): Document[] {
  if (!isDocument(operand)) throw requestFailed('the $graphLookup stage specification must be an object')
  const collection = context.getCollection(text(operand, 'from'))
  const as = splitPath(text(operand, 'as'))
  const from = splitPath(text(operand, 'connectFromField'))
  const toPath = text(operand, 'connectToField')
  const { startWith, maxDepth, depthField, restrictSearchWithMatch: restriction = {} } = operand
  if (startWith === undefined) throw requestFailed('$graphLookup requires a startWith argument')
  if (!isDocument(restriction)) throw requestFailed('restrictSearchWithMatch must be an object')
  const deepest = maxDepth === undefined ? Number.POSITIVE_INFINITY : depthOf(maxDepth)
  const depthPath = depthField === undefined ? undefined : text(operand, 'depthField')

  const known = new Map<string, Found[]>()
  const pointedAt = (value: Value): Found[] => {
    const name = encodeKey(value).toString('latin1')
    let found = known.get(name)
    if (!found) {
      const filter = { $and: [{ [toPath]: { $eq: value } }, restriction] }
      const query = toQuery(filter, [], context.variables)
      found = context.finder.find(collection, query, undefined, 0, Number.POSITIVE_INFINITY)
      known.set(name, found)
    }
    return found
  }

  const follow = (document: Document): Document[] => {
    const reached = new Map<number, Document>()
    // What an expression gives is plain, and a plain value is a value.
    const start = evaluate(document, startWith, context.variables) as Value
    let wanted = distinct(Array.isArray(start) ? start : [start])
    const asked = new Set(wanted.map(nameOf))
    for (let depth = 0; depth <= deepest && wanted.length > 0; depth++) {
      const next: Value[] = []
      for (const { record, document: read } of wanted.flatMap(pointedAt)) {
        if (reached.has(record)) continue
        const plain = toPlain(read()) as Document
        reached.set(record, depthPath === undefined ? plain : { ...plain, [depthPath]: depth })
        for (const value of indexedValues(read(), from).values) {
          if (typeof value !== 'symbol' && value !== undefined && value !== null) next.push(value)
        }
      }
      wanted = distinct(next).filter((value) => !asked.has(nameOf(value)))
      for (const value of wanted) asked.add(nameOf(value))
    }
    return [...reached.values()]
  }

  return documents.map((document) => {
    const copy = structureCopy(document, as)
    setAt(copy, as, follow(document))
    return copy
  })
}

function nameOf(value: Value): string {
  return encodeKey(value).toString('latin1')
}

function distinct(values: Value[]): Value[] {
  return [...new Map(values.map((value) => [nameOf(value), value])).values()]
}

function depthOf(value: Value): number {
  const depth = isNumber(value) ? toNumber(value) : Number.NaN
  if (!Number.isInteger(depth) || depth < 0) {
    throw requestFailed(
      'maxDepth requires a nonnegative argument that can be represented as a 64-bit integer',
    )
  }
  return depth
}

function text(operand: Document, field: string): string {
  const value: MaybeValue = fieldOf(operand, field)
  if (typeof value !== 'string' || value === '') {
    throw requestFailed(`$graphLookup argument '${field}' must be a string`)
  }
  return value
}
