/** Stages of our own, in which mingo does otherwise than MongoDB or knows no collections. */
import { requestFailed } from '../errors.ts'
import { orderKey, parseOrder } from '../order.ts'
import { compileQuery } from '../query/compile.ts'
import { isDocument, isNumber, toNumber, type Value } from '../values.ts'
import { facet } from './facet.ts'
import { graphLookup } from './graph-lookup.ts'
import { lookup } from './lookup.ts'
import { readStages } from './read-stages.ts'
import { redact } from './redact.ts'
import type { StageRunner } from './stage.ts'

export const stages: Record<string, StageRunner> = {
  $match(documents, operand, { variables }) {
    if (!isDocument(operand)) throw requestFailed('the match filter must be an expression in an object')
    return documents.filter(compileQuery(operand, variables))
  },

  $sort(documents, operand) {
    if (!isDocument(operand) || Object.keys(operand).length === 0) {
      throw requestFailed('the $sort key specification must be an object with at least one field')
    }
    const order = parseOrder(operand)
    return documents
      .map((document) => ({ document, key: orderKey(order, document) }))
      .sort((a, b) => Buffer.compare(a.key, b.key))
      .map(({ document }) => document)
  },

  $skip: (documents, operand) => documents.slice(countOf('$skip', operand, 0)),

  $limit: (documents, operand) => documents.slice(0, countOf('$limit', operand, 1)),

  // Of nothing there is no count at all.
  $count(documents, operand) {
    if (typeof operand !== 'string' || operand === '' || operand.startsWith('$') || operand.includes('.')) {
      throw requestFailed('the count field must be a non-empty string without $ and dots')
    }
    return documents.length === 0 ? [] : [{ [operand]: documents.length }]
  },

  // Mingo may draw a document twice.
  $sample(documents, operand) {
    const size = countOf('$sample', isDocument(operand) ? (operand.size ?? null) : null, 1)
    const pool = [...documents]
    for (let i = 0; i < Math.min(size, pool.length); i++) {
      const other = i + Math.floor(Math.random() * (pool.length - i))
      const [a, b] = [pool[i], pool[other]]
      if (a && b) [pool[i], pool[other]] = [b, a]
    }
    return pool.slice(0, size)
  },

  $lookup: lookup,
  $graphLookup: graphLookup,
  $facet: facet,

  $redact: (documents, operand, { variables }) =>
    documents
      .map((document) => redact(document, operand, variables))
      .filter((document) => document !== undefined),

  $unionWith(documents, operand, { getCollection, run }) {
    const { coll, pipeline = [] } = isDocument(operand) ? operand : { coll: operand }
    if (typeof coll !== 'string') throw requestFailed('the $unionWith stage must name a collection')
    return [...documents, ...run(getCollection(coll), readStages(pipeline), {})]
  },
}

export function countOf(stage: string, operand: Value, least: number): number {
  const count = isNumber(operand) ? toNumber(operand) : Number.NaN
  if (!Number.isInteger(count) || count < least) {
    throw requestFailed(`the argument of ${stage} must be a whole number of at least ${least}`)
  }
  return count
}
