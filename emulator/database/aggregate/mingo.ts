/** The stages that only compute, carried out by mingo. */
import { Aggregator } from 'mingo/aggregator'
import { notEmulated } from '../../core/errors.ts'
import { requestFailed } from '../errors.ts'
import { mingoOptions, refusing, type Variables } from '../expression/context.ts'
import { withNow } from '../expression/now.ts'
import { type Plain, toPlain } from '../plain.ts'
import type { Document, Value } from '../values.ts'

/** Stages that work on the documents alone. */
const computing = new Set([
  '$addFields',
  '$bucketAuto',
  '$group',
  '$project',
  '$replaceRoot',
  '$replaceWith',
  '$set',
  '$unset',
  '$unwind',
])

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
  return refusing(() =>
    new Aggregator([{ [stage]: withNow(toPlain(operand), variables) }], mingoOptions(variables)).run(
      documents,
    ),
  )
}

/** The value of an expression on a document. */
export function evaluate(document: Document, expression: Value, variables?: Variables): Plain {
  const stage = { $project: { _id: 0, value: { $ifNull: [withNow(toPlain(expression), variables), null] } } }
  return refusing(() => {
    const [result] = new Aggregator([stage], mingoOptions(variables)).run<{ value: Plain }>([document])
    return result?.value ?? null
  })
}
