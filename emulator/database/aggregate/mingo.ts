/** The stages and expressions that mingo computes, with its differences from MongoDB put right. */
// The bare aggregator: the one of the package's front door lets its own operators win over ours.
import { Aggregator } from 'mingo/aggregator'
import { Context, evalExpr, ProcessingMode } from 'mingo/core'
import * as accumulators from 'mingo/operators/accumulator'
import * as expressions from 'mingo/operators/expression'
import * as pipeline from 'mingo/operators/pipeline'
import * as projection from 'mingo/operators/projection'
import * as query from 'mingo/operators/query'
import { notEmulated, WireError } from '../../core/errors.ts'
import { requestFailed } from '../errors.ts'
import { type Plain, toPlain } from '../plain.ts'
import type { Variables } from '../query/expression.ts'
import type { Document, Value } from '../values.ts'

/** Stages that work on the documents alone. */
const computing = new Set([
  '$addFields',
  '$bucketAuto',
  '$count',
  '$facet',
  '$group',
  '$project',
  '$redact',
  '$replaceRoot',
  '$replaceWith',
  '$set',
  '$sortByCount',
  '$unset',
  '$unwind',
])

/** Known to MongoDB; the SDK has no builder for most of them. */
const known = new Set([
  '$collStats',
  '$densify',
  '$documents',
  '$fill',
  '$geoNear',
  '$graphLookup',
  '$indexStats',
  '$merge',
  '$out',
  '$setWindowFields',
  '$unionWith',
])

export function runInMingo(
  stage: string,
  operand: Value,
  documents: Document[],
  variables: Variables = {},
): Plain[] {
  if (known.has(stage)) throw notEmulated(`aggregation stage ${stage}`)
  if (!computing.has(stage)) throw requestFailed(`Unrecognized pipeline stage name: '${stage}'`)
  return refusing(() => {
    const aggregator = new Aggregator([{ [stage]: toPlain(operand) }], { ...options, variables })
    return aggregator.run(documents)
  })
}

/** The value of an expression on a document. */
export function evaluate(document: Document, expression: Value, variables: Variables = {}): Plain {
  return refusing(() => {
    const [result] = new Aggregator(
      [{ $project: { _id: 0, value: { $ifNull: [toPlain(expression), null] } } }],
      {
        ...options,
        variables,
      },
    ).run<{ value: Plain }>([document])
    return result?.value ?? null
  })
}

// Mingo types operators by its own `Any`; here only their arguments' places matter.
type ExpressionOperator = (object: never, expression: never, options: never) => unknown

const dateParts = [
  '$dayOfMonth',
  '$dayOfWeek',
  '$dayOfYear',
  '$hour',
  '$isoDayOfWeek',
  '$isoWeek',
  '$isoWeekYear',
  '$millisecond',
  '$minute',
  '$month',
  '$second',
  '$week',
  '$year',
]

/** A part of a date that is missing is null in MongoDB; mingo fails on it. */
function nullSafe(operator: ExpressionOperator): ExpressionOperator {
  return (object, expression, operatorOptions) => {
    const value: unknown = evalExpr(object, expression, operatorOptions)
    const date = typeof value === 'object' && value !== null && 'date' in value ? value.date : value
    return date === null || date === undefined ? null : operator(object, expression, operatorOptions)
  }
}

const operatorsByName = expressions as Record<string, unknown> as Record<string, ExpressionOperator>
const nullSafeDates = Object.fromEntries(
  dateParts.flatMap((name) => {
    const operator = operatorsByName[name]
    return operator ? [[name, nullSafe(operator)]] : []
  }),
)

const context = Context.init({
  accumulator: accumulators,
  expression: { ...expressions, ...nullSafeDates },
  pipeline,
  projection,
  query,
} as Parameters<typeof Context.init>[0])

const options = { context, processingMode: ProcessingMode.CLONE_INPUT }

/** Mingo's complaints about a pipeline are the caller's fault, not ours. */
function refusing<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof WireError) throw error
    throw requestFailed(error instanceof Error ? error.message : String(error))
  }
}
