/** The stages that only compute, carried out by mingo. */
import { Aggregator } from 'mingo/aggregator'
import { notEmulated } from '../../core/errors.ts'
import { requestFailed } from '../errors.ts'
import { mingoOptions, refusing, type Variables } from '../expression/context.ts'
import { withNow } from '../expression/now.ts'
import { type Plain, toPlain } from '../plain.ts'
import type { Document, Value } from '../values.ts'
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
): Plain[] {
  if (known.has(stage)) throw notEmulated(`aggregation stage ${stage}`)
  if (!computing.has(stage)) throw requestFailed(`Unrecognized pipeline stage name: '${stage}'`)
  checks[stage]?.(operand)
  return refusing(() =>
    new Aggregator([{ [stage]: withNow(toPlain(operand), variables) }], mingoOptions(variables)).run(
      documents,
    ),
  )
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
  return refusing(() =>
    new Aggregator([stage], mingoOptions(variables))
      .run<Record<string, Plain>>(documents)
      .map((row) => expressions.map((_, i) => row[`v${i}`])),
  )
}
