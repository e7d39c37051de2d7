/** $lookup, by equality of fields or by a pipeline; reads the other collection through its indexes. */
import type { Collection } from '../catalogue.ts'
import { requestFailed } from '../errors.ts'
import type { Variables } from '../expression/context.ts'
import { toQuery } from '../find.ts'
import { encodeKey } from '../keys.ts'
import { indexedValues, setAt, splitPath } from '../paths.ts'
import { toPlain } from '../plain.ts'
import { type Document, fieldOf, isDocument, type Value } from '../values.ts'
import { createStageMeter } from './memory.ts'
import { evaluate } from './mingo.ts'
import { readStages } from './read-stages.ts'
import type { StageContext } from './stage.ts'
import { structureCopy } from './structure-copy.ts'

export function lookup(documents: Document[], operand: Value, context: StageContext): Document[] {
  if (!isDocument(operand)) throw requestFailed('the $lookup specification must be an object')
  const from = text(operand, 'from')
  const as = splitPath(text(operand, 'as'))
  const collection = context.getCollection(from)
  const join =
    operand.pipeline === undefined
      ? byField(collection, operand, context)
      : byPipeline(collection, operand, context)
  return documents.map((document) => {
    // Branches on the way to `as` are copied, since documents may be shared.
    const copy = structureCopy(document, as)
    setAt(copy, as, join(document))
    return copy
  })
}

function byField(
  collection: Collection,
  operand: Document,
  { finder }: StageContext,
): (document: Document) => Document[] {
  const local = splitPath(text(operand, 'localField'))
  const foreignPath = text(operand, 'foreignField')
  const foreign = splitPath(foreignPath)
  const known = new Map<string, { record: number; document: Document }[]>()
  const probe = finder.plan(collection, toQuery({ [foreignPath]: '' }), undefined)

  // Without an index one pass over the other collection sorts its documents by value; with one each value is looked up.
  if (probe.kind === 'collection') {
    for (const { record, document } of finder.find(
      collection,
      toQuery({}),
      undefined,
      0,
      Number.POSITIVE_INFINITY,
    )) {
      for (const value of indexedValues(document(), foreign).values) {
        const name = encodeKey(value).toString('latin1')
        const list = known.get(name) ?? []
        known.set(name, list)
        if (list[list.length - 1]?.record !== record) list.push({ record, document: plain(document()) })
      }
    }
  }
  const matchesOf = (value: Value) => {
    const name = encodeKey(value).toString('latin1')
    const list = known.get(name)
    if (list || probe.kind === 'collection') return list ?? []
    const found = finder
      .find(collection, toQuery({ [foreignPath]: { $eq: value } }), undefined, 0, Number.POSITIVE_INFINITY)
      .map(({ record, document }) => ({ record, document: plain(document()) }))
    known.set(name, found)
    return found
  }
  return (document) => {
    const joined = new Map<number, Document>()
    for (const value of indexedValues(document, local).values) {
      // An empty array holds nothing to join with.
      if (typeof value === 'symbol') continue
      for (const match of matchesOf(value ?? null)) joined.set(match.record, match.document)
    }
    return [...joined].sort(([a], [b]) => a - b).map(([, match]) => match)
  }
}

function byPipeline(
  collection: Collection,
  operand: Document,
  context: StageContext,
): (document: Document) => Document[] {
  const pipeline = readStages(operand.pipeline ?? null)
  const meter = createStageMeter('$lookup')
  const definitions = isDocument(operand.let ?? null) ? Object.entries(operand.let ?? {}) : []
  return (document) => {
    const variables: Variables = {}
    for (const [name, expression] of definitions) {
      variables[name] = evaluate(document, expression, context.variables)
    }
    const joined = context.run(collection, pipeline, variables)
    // Made anew for each document, while those of a join by field are shared.
    for (const document of joined) meter(document)
    return joined
  }
}

function text(operand: Document, field: string): string {
  const value = fieldOf(operand, field)
  if (typeof value !== 'string' || value === '')
    throw requestFailed(`$lookup argument '${field}' must be a string`)
  return value
}

function plain(document: Document): Document {
  // The plain form of a document is a document.
  return toPlain(document) as Document
}
