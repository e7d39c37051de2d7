/** Expression operators and accumulators in which mingo differs from MongoDB; these take the place of mingo's own. */
import * as accumulators from 'mingo/operators/accumulator'
import * as mingo from 'mingo/operators/expression'
import { requestFailed } from '../errors.ts'
import { compare, type MaybeValue } from '../values.ts'
import { dateOperators } from './dates.ts'
import { listOperators, mergeObjects } from './lists.ts'
import { numberOperators } from './numbers.ts'
import { evaluate, isPlainObject, type Operator, ofList } from './operands.ts'
import { textOperators } from './texts.ts'

const mingoOperators = mingo as Record<string, unknown> as Record<string, Operator>
const mingoAccumulators = accumulators as Record<string, unknown> as Record<string, Operator>

export const expressionCorrections: Record<string, Operator> = {
  ...numberOperators,
  ...listOperators,
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
    ['$toInt', '$toLong', '$toDouble', '$toDecimal'].map((name) => [name, parsing(name)]),
  ),
}

export const accumulatorCorrections: Record<string, Operator> = {
  // What a document does not have is not pushed; mingo pushes null.
  $push: (items, expression, options) => present(items, expression, options),
  $addToSet: (items, expression, options) => {
    const distinct: unknown[] = []
    for (const value of present(items, expression, options)) {
      if (!distinct.some((other) => compare(other as MaybeValue, value as MaybeValue) === 0))
        distinct.push(value)
    }
    return distinct
  },
  $mergeObjects: (items, expression, options) => mergeObjects(present(items, expression, options)),
  $stdDevSamp: deviation('$stdDevSamp', 2),
  $stdDevPop: deviation('$stdDevPop', 1),
}

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

/** What the documents of a group have there; without expression the items are the values themselves. */
function present(items: never, expression: unknown, options: never): unknown[] {
  if (expression === null || expression === undefined) return items
  // In a list of its own, a missing value can be told from null.
  const values = mingoAccumulators.$push?.(items, [expression] as never, options)
  return (values as [unknown][]).flatMap(([value]) => (value === undefined ? [] : [value]))
}

function deviation(name: string, least: number): Operator {
  return (items, expression, options) => {
    const numbers = present(items, expression, options).filter((value) => typeof value === 'number')
    return numbers.length < least ? null : mingoAccumulators[name]?.(numbers as never, null as never, options)
  }
}
