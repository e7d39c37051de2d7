/** Expression operators and accumulators in which mingo differs from MongoDB; these take the place of mingo's own. */
import { evalExpr } from 'mingo/core'
import * as accumulators from 'mingo/operators/accumulator'
import * as mingo from 'mingo/operators/expression'
import { requestFailed } from '../errors.ts'
import { compare, type MaybeValue } from '../values.ts'

// Mingo types the arguments by its own `Any` and `Options`; they are only handed on.
type Operator = (object: never, expression: never, options: never) => unknown

const mingoOperators = mingo as Record<string, unknown> as Record<string, Operator>
const mingoAccumulators = accumulators as Record<string, unknown> as Record<string, Operator>

export const expressionCorrections: Record<string, Operator> = {
  // A missing field is less than null and equals nothing else; mingo takes both for the same.
  $eq: comparison('$eq', (order) => order === 0),
  $ne: comparison('$ne', (order) => order !== 0),
  $gt: comparison('$gt', (order) => order > 0),
  $gte: comparison('$gte', (order) => order >= 0),
  $lt: comparison('$lt', (order) => order < 0),
  $lte: comparison('$lte', (order) => order <= 0),
  $cmp: comparison('$cmp', Math.sign),

  $trunc: (object, expression, options) => {
    const operands: unknown = expression
    if (Array.isArray(operands) && operands.length === 2)
      return mingoOperators.$trunc?.(object, expression, options)
    const value = only(object, expression, options)
    return typeof value === 'number' ? Math.trunc(value) : null
  },

  $size: (object, expression, options) => {
    const operands: unknown = expression
    const operand: unknown = Array.isArray(operands) && operands.length === 1 ? operands[0] : operands
    const value = evaluate(object, operand, options)
    if (!Array.isArray(value)) throw requestFailed('The argument to $size must be an array')
    return value.length
  },

  // Only ASCII letters change, and null gives an empty text.
  $toUpper: letters((letter) => letter.toUpperCase()),
  $toLower: letters((letter) => letter.toLowerCase()),

  $indexOfCP: indexOf('$indexOfCP', (text) => [...text]),
  $indexOfBytes: indexOf('$indexOfBytes', (text) => [...Buffer.from(text).toString('latin1')]),

  // Weeks begin on Sunday; days before the first Sunday are in week 0.
  $week: (object, expression, options) => {
    const [day, weekday] = [mingoOperators.$dayOfYear, mingoOperators.$dayOfWeek].map(
      (part) => part && nullSafe(part)(object, expression, options),
    )
    return typeof day === 'number' && typeof weekday === 'number' ? Math.floor((day + 7 - weekday) / 7) : null
  },

  ...Object.fromEntries(
    [
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
      '$year',
    ].flatMap((name) => {
      const operator = mingoOperators[name]
      return operator ? [[name, nullSafe(operator)]] : []
    }),
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
  $stdDevSamp: deviation('$stdDevSamp', 2),
  $stdDevPop: deviation('$stdDevPop', 1),
}

function evaluate(object: never, expression: unknown, options: never): unknown {
  return evalExpr(object, expression as never, options)
}

/** The value of an operator's one argument, which may stand in a list. */
function only(object: never, expression: unknown, options: never): unknown {
  return evaluate(object, Array.isArray(expression) ? expression[0] : expression, options)
}

function comparison(name: string, result: (order: number) => unknown): Operator {
  return (object, expression, options) => {
    const operands: unknown = expression
    if (!Array.isArray(operands) || operands.length !== 2) {
      throw requestFailed(`Expression ${name} takes exactly 2 arguments`)
    }
    // Mingo's values are the plain forms of ours.
    const [a, b] = operands.map((operand) => evaluate(object, operand, options) as MaybeValue)
    if (a === undefined || b === undefined) return result(Number(a !== undefined) - Number(b !== undefined))
    return result(compare(a, b))
  }
}

function letters(change: (letter: string) => string): Operator {
  return (object, expression, options) => {
    const value = only(object, expression, options)
    if (value === null || value === undefined) return ''
    const text = value instanceof Date ? value.toISOString() : String(value)
    return text.replace(/[a-zA-Z]/g, change)
  }
}

function indexOf(name: string, split: (text: string) => string[]): Operator {
  return (object, expression, options) => {
    const operands: unknown = expression
    if (!Array.isArray(operands)) throw requestFailed(`Expression ${name} takes a list of arguments`)
    const [text, part, start = 0, end] = operands.map((operand) => evaluate(object, operand, options))
    if (text === null || text === undefined) return null
    if (typeof text !== 'string' || typeof part !== 'string') throw requestFailed(`${name} requires strings`)
    const units = split(text)
    const wanted = split(part)
    const last = Math.min(typeof end === 'number' ? end : units.length, units.length) - wanted.length
    for (let at = Math.max(Number(start), 0); at <= last; at++)
      if (wanted.every((unit, i) => units[at + i] === unit)) return at
    return -1
  }
}

/** A part of a date that is missing is null in MongoDB; mingo fails on it. */
function nullSafe(operator: Operator): Operator {
  return (object, expression, options) => {
    const value = evaluate(object, expression, options)
    const date = typeof value === 'object' && value !== null && 'date' in value ? value.date : value
    return date === null || date === undefined ? null : operator(object, expression, options)
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
