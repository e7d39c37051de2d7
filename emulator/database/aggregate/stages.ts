/** Stages of our own, in which mingo does otherwise than MongoDB or knows no collections. */
import { stringify } from '../ejson.ts'
import { requestFailed } from '../errors.ts'
import type { Variables } from '../expression/context.ts'
import { fromPlain } from '../plain.ts'
import { compileQuery } from '../query/compile.ts'
import { type Document, isDocument, isNumber, toNumber, type Value } from '../values.ts'
import { facet } from './facet.ts'
import { graphLookup } from './graph-lookup.ts'
import { group } from './group.ts'
import { lookup } from './lookup.ts'
import { evaluateAll } from './mingo.ts'
import { readStages } from './read-stages.ts'
import { redact } from './redact.ts'
import { sort } from './sort.ts'
import type { StageRunner } from './stage.ts'

export const stages: Record<string, StageRunner> = {
  $match(documents, operand, { variables }) {
    if (!isDocument(operand)) throw requestFailed('the match filter must be an expression in an object')
    return documents.filter(compileQuery(operand, variables))
  },

  $sort: (documents, operand) => sort(documents, operand),

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

  $group: (documents, operand, { variables }) => group(documents, operand, variables),

  $replaceRoot(documents, operand, { variables }) {
    const newRoot = isDocument(operand) ? operand.newRoot : undefined
    if (newRoot === undefined) throw requestFailed('no newRoot specified for the $replaceRoot stage')
    return replaceRoot(documents, newRoot, variables)
  },

  $replaceWith: (documents, operand, { variables }) => replaceRoot(documents, operand, variables),

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

function replaceRoot(documents: Document[], expression: Value, variables?: Variables): Document[] {
  return evaluateAll(documents, [expression], variables).map(([root]) => {
    const value = fromPlain(root)
    if (root !== undefined && isDocument(value)) return value
    throw requestFailed(
      `'newRoot' expression must evaluate to an object, but resulting value was: ${root === undefined ? 'MISSING' : stringify(value)}`,
    )
  })
}

/** The whole number that a stage counts by. */
export function countOf(stage: string, operand: Value, least: number): number {
  const count = isNumber(operand) ? toNumber(operand) : Number.NaN
  if (Number.isInteger(count) && count >= least) return count
  if (stage === '$limit' && Number.isInteger(count)) throw requestFailed('the limit must be positive')
  if (stage === '$sample' && Number.isInteger(count)) {
    throw requestFailed('size argument to $sample must not be negative')
  }
  if (Number.isInteger(count)) throw requestFailed(`Argument to ${stage} cannot be negative`)
  throw requestFailed(`the argument of ${stage} must be a whole number of at least ${least}`)
}
