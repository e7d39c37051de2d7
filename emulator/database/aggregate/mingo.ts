/** The stages that only compute, carried out by mingo, one document after the other. */
import { Aggregator } from 'mingo/aggregator'
import { notEmulated } from '../../core/errors.ts'
import { invalidParam, requestFailed } from '../errors.ts'
import { mingoOptions, refusing, type Variables } from '../expression/context.ts'
import { withNow } from '../expression/now.ts'
import { fromPlain, type Plain, toPlain } from '../plain.ts'
import { type Document, isDocument, type Value } from '../values.ts'
import { createStageMeter } from './memory.ts'
import { assertProject, assertUnwind } from './project-spec.ts'

/** Stages that work on the documents alone. */
const computing = new Set(['$addFields', '$bucketAuto', '$project', '$set', '$unset', '$unwind'])

const checks: Record<string, (operand: Value) => void> = { $project: assertProject, $unwind: assertUnwind }

/** Known to MongoDB; the SDK has no builder for most of them. */
const known = new Set(['$densify', '$documents', '$fill', '$merge', '$out', '$setWindowFields'])

export function runInMingo(
  stage: string,
  operand: Value,
  documents: Document[],
  variables?: Variables,
): Document[] {
  if (known.has(stage)) throw notEmulated(`aggregation stage ${stage}`)
  if (!computing.has(stage)) throw requestFailed(`Unrecognized pipeline stage name: '${stage}'`)
  checks[stage]?.(operand)
  const meter = createStageMeter(stage)
  const made: Document[] = []
  refusing(() => {
    const written = { [stage]: withNow(toPlain(operand), variables) }
    new Aggregator([written], mingoOptions(variables)).stream(documents).each((plain) => {
      const document = toDocument(plain)
      meter(document)
      made.push(document)
    })
  })
  return made
}

/** Mingo puts `_id` last when it projects; MongoDB puts it first. */
function toDocument(plain: unknown): Document {
  const value = fromPlain(plain)
  if (!isDocument(value)) throw invalidParam('a stage gave something that is no document')
  if (value._id === undefined) return value
  const { _id, ...others } = value
  return { _id, ...others }
}

/** The value of an expression on a document; null when there is none. */
export function evaluate(document: Document, expression: Value, variables?: Variables): Plain {
  const [row] = evaluateAll([document], [expression], variables)
  return row?.[0] ?? null
}

/** The values of expressions on each document; undefined where there is none. */
export function evaluateAll(documents: Document[], expressions: Value[], variables?: Variables): Plain[][] {
  // Within a list a missing value would become null, and a bare number would name a field to keep.
  const fields = expressions.map((expression, i) => [
    `v${i}`,
    { $let: { vars: {}, in: withNow(toPlain(expression), variables) } },
  ])
  const stage = { $project: { _id: 0, ...Object.fromEntries(fields) } }
  const meter = createStageMeter('a stage')
  const rows: Plain[][] = []
  refusing(() =>
    new Aggregator([stage], mingoOptions(variables)).stream(documents).each((row: Record<string, Plain>) => {
      // Only its size is asked for.
      meter(row as Document)
      rows.push(expressions.map((_, i) => row[`v${i}`]))
    }),
  )
  return rows
}
