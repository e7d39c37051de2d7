/** What the accumulators of a group make of its values; undefined stands for what a document does not have. */
import { encodeKey } from '../keys.ts'
import type { Plain } from '../plain.ts'
import { compare, type MaybeValue } from '../values.ts'
import { mergeObjects } from './lists.ts'
import { isNil } from './operands.ts'

const accumulators: Record<string, (values: Plain[]) => Plain> = {
  $sum: (values) => sum(numbersOf(values)),
  $avg: (values) => mean(numbersOf(values)),
  $min: (values) => extreme(values, -1),
  $max: (values) => extreme(values, 1),
  $first: (values) => values[0] ?? null,
  $last: (values) => values.at(-1) ?? null,
  $push: (values) => values.filter((value) => value !== undefined),
  $addToSet(values) {
    // Mingo's values are the plain forms of ours.
    const nameOf = (value: Plain) => encodeKey(value as MaybeValue).toString('latin1')
    const present = values.filter((value) => value !== undefined)
    return [...new Map(present.map((value) => [nameOf(value), value])).values()]
  },
  $mergeObjects: mergeObjects,
  $stdDevPop: (values) => deviation(numbersOf(values), 0),
  $stdDevSamp: (values) => deviation(numbersOf(values), 1),
}

export const accumulatorNames = Object.keys(accumulators)

export function isAccumulator(name: string): boolean {
  return Object.hasOwn(accumulators, name)
}

export function accumulate(name: string, values: Plain[]): Plain {
  return accumulators[name]?.(values)
}

function numbersOf(values: Plain[]): number[] {
  return values.filter((value) => typeof value === 'number')
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function mean(numbers: number[]): number | null {
  return numbers.length === 0 ? null : sum(numbers) / numbers.length
}

function extreme(values: Plain[], sign: 1 | -1): Plain {
  let best: Plain = null
  for (const value of values) {
    if (isNil(value)) continue
    if (best === null || sign * compare(value as MaybeValue, best as MaybeValue) > 0) best = value
  }
  return best
}

/** @param lost degrees of freedom: 1 for a sample, which of one number has no deviation */
function deviation(numbers: number[], lost: 0 | 1): number | null {
  const middle = mean(numbers)
  if (middle === null || numbers.length <= lost) return null
  const squares = numbers.map((number) => (number - middle) ** 2)
  return Math.sqrt(sum(squares) / (numbers.length - lost))
}
