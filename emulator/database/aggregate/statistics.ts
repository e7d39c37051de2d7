/** $collStats and $indexStats: what the local cloud can tell of a collection; it measures no times and no use. */
import type { Collection } from '../catalogue.ts'
import { requestFailed } from '../errors.ts'
import { toQuery } from '../find.ts'
import { type Document, isDocument, type Value } from '../values.ts'
import type { PipelineContext } from './stage.ts'

export function collStats({ finder }: PipelineContext, collection: Collection, operand: Value): Document[] {
  if (!isDocument(operand)) throw requestFailed('$collStats must take a nested object')
  const count = finder.count(collection, toQuery({}), undefined)
  const nindexes = collection.indexes.length
  return [
    {
      ns: collection.name,
      ...(operand.count === undefined ? {} : { count }),
      ...(operand.storageStats === undefined ? {} : { storageStats: { count, nindexes } }),
    },
  ]
}

export function indexStats(_context: PipelineContext, collection: Collection, operand: Value): Document[] {
  if (!isDocument(operand) || Object.keys(operand).length > 0) {
    throw requestFailed('The $indexStats stage specification must be an empty object')
  }
  return collection.indexes.map(({ definition: { name, fields } }) => ({
    name,
    key: Object.fromEntries(fields.map(({ path, direction }) => [path, direction])),
  }))
}
