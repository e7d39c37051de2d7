/** Expression operators and accumulators in which mingo differs from MongoDB; these take the place of mingo's own. */
import * as accumulators from 'mingo/operators/accumulator'
import * as mingo from 'mingo/operators/expression'
import { requestFailed } from '../errors.ts'
import { withinMatchTime } from '../pattern.ts'
import { compare, type MaybeValue } from '../values.ts'
import { accumulate, accumulatorNames } from './accumulators.ts'
import { dateOperators } from './dates.ts'
import { growthOperators } from './growth.ts'
import { listOperators } from './lists.ts'
import { numberOperators } from './numbers.ts'
import { evaluate, isPlainObject, type Operator, ofList } from './operands.ts'
import { textOperators } from './texts.ts'

const mingoOperators = mingo as Record<string, unknown> as Record<string, Operator>
const mingoAccumulators = accumulators as Record<string, unknown> as Record<string, Operator>

export const expressionCorrections: Record<string, Operator> = {
  ...numberOperators,
  ...listOperators,
  ...growthOperators,
  ...textOperators,
  ...dateOperators,

  // A missing field is less than null and equals nothing else; mingo takes both for the same.
  $eq: comparison('$eq', (order) => order === 0),
  $ne: comparison('$ne', (order) => order !== 0),
  $gt: comparison('$gt', (order) => order > 0),
  $gte: comparison('$gte', (order) => order >= 0),
  $lt: comparison('$lt', (order) => order < 0),
  $lte: comparison('$lte', (order) => order <= 0),
  $cmp: comparison('$cmp', Math.sign),

  $cond: (object, expression, options) => {
    const written: unknown = expression
    if (!isPlainObject(written)) return mingoOperators.$cond?.(object, expression, options)
    const missing = ['if', 'then', 'else'].find((name) => !Object.hasOwn(written, name))
    if (missing !== undefined) throw requestFailed(`Missing '${missing}' parameter to $cond`)
    return mingoOperators.$cond?.(object, expression, options)
  },

  $switch: (object, expression, options) => {
    const written: unknown = expression
    if (!isPlainObject(written) || !Array.isArray(written.branches) || written.branches.length === 0) {
      throw requestFailed('$switch requires at least one branch.')
    }
    for (const branch of written.branches) {
      if (!isPlainObject(branch) || branch.case === undefined || branch.then === undefined) {
        throw requestFailed("$switch requires each branch have a 'case' and a 'then' expression")
      }
      if (isTrue(evaluate(object, branch.case, options))) return evaluate(object, branch.then, options)
    }
    if (!Object.hasOwn(written, 'default')) {
      throw requestFailed(
        '$switch could not find a matching branch for an input, and no default was specified.',
      )
    }
    return evaluate(object, written.default, options)
  },

  ...Object.fromEntries(
    ['$sum', '$avg', '$min', '$max', '$stdDevPop', '$stdDevSamp'].map((name) => [name, ofValues(name)]),
  ),
  $mergeObjects: (object, expression, options) =>
    Array.isArray(object)
      ? accumulate('$mergeObjects', valuesOf(object, expression, options))
      : listOperators.$mergeObjects?.(object, expression, options),

  ...Object.fromEntries(
    ['$regexMatch', '$regexFind', '$regexFindAll'].map((name): [string, Operator] => [
      name,
      (object, expression, options) =>
        withinMatchTime(() => mingoOperators[name]?.(object, expression, options)),
    ]),
  ),

  ...Object.fromEntries(
    ['$toInt', '$toLong', '$toDouble', '$toDecimal'].map((name) => [name, parsing(name)]),
  ),
}

export const accumulatorCorrections: Record<string, Operator> = Object.fromEntries(
  accumulatorNames.map((name) => [
    name,
    (items, expression, options) => accumulate(name, valuesOf(items, expression, options)),
  ]),
)

function comparison(name: string, result: (order: number) => unknown): Operator {
  return ofList(name, 2, 2, ([a, b]) => {
    if (a === undefined || b === undefined) return result(Number(a !== undefined) - Number(b !== undefined))
    // Mingo's values are the plain forms of ours.
    return result(compare(a as MaybeValue, b as MaybeValue))
  })
}

/** Only false, null, 0 and what is missing are not true. */
function isTrue(value: unknown): boolean {
  return value !== false && value !== null && value !== undefined && value !== 0
}

/** An accumulator as an expression: of a list, or of several values; of a bucket's documents when mingo gives those. */
function ofValues(name: string): Operator {
  return (object, expression, options) => {
    if (Array.isArray(object)) return accumulate(name, valuesOf(object, expression, options))
    const operands: unknown = expression
    const written = Array.isArray(operands) ? operands : [operands]
    const values = written.map((operand) => evaluate(object, operand, options))
    const [first] = values
    return accumulate(name, values.length === 1 && Array.isArray(first) ? first : values)
  }
}

/** Mingo's conversion, with MongoDB's words for a text that is no number. */
function parsing(name: string): Operator {
  return (object, expression, options) => {
    const value = evaluate(object, expression, options)
    const isWhole = name === '$toInt' || name === '$toLong'
    const pattern = isWhole
      ? /^[+-]?\d+$/
      : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?(inf|infinity)$|^nan$/i
    if (typeof value === 'string' && !pattern.test(value)) {
      throw requestFailed(`Failed to parse number '${value}' in $convert with no onError value`)
    }
    return mingoOperators[name]?.(object, expression, options)
  }
}

/** The values in the documents of a bucket; without expression the items are the values themselves. */
function valuesOf(documents: never[], expression: unknown, options: never): unknown[] {
  if (expression === null || expression === undefined) return documents
  // Only mingo's own can set the document that paths begin at; in a list, a missing value can be told from null.
  const rows = mingoAccumulators.$push?.(documents as never, [expression] as never, options)
  return (rows as [unknown][]).map(([value]) => value)
}
