/** Operators on lists, sets and objects in which mingo differs from MongoDB. */
import { requestFailed } from '../errors.ts'
import { compare, equal, type MaybeValue } from '../values.ts'
import { countCopies } from './growth.ts'
import { isNil, isPlainObject, type Operator, ofList, ofOne, typeOf } from './operands.ts'

const MANY = Number.POSITIVE_INFINITY
/** MongoDB's memory for the list of a `$range`; each item takes 16 bytes there. */
const MAX_LIST_BYTES = 100 * 1024 * 1024
const ITEM_BYTES = 16

export const listOperators: Record<string, Operator> = {
  $range: ofList('$range', 2, 3, ([start, end, step = 1]) => {
    const [from, to, by] = [start, end, step].map((value) => {
      if (typeof value === 'number' && Math.abs(value) < 2 ** 31 && Number.isInteger(value)) return value
      throw requestFailed(
        `$range requires numbers that can be represented as 32-bit integers: ${String(value)}`,
      )
    }) as [number, number, number] // three in, three out
    if (by === 0) throw requestFailed('$range requires a non-zero step value')
    const length = Math.max(Math.ceil((to - from) / by), 0)
    assertListFits('$range', length)
    return Array.from({ length }, (_, i) => from + i * by)
  }),

  $size: ofOne('$size', (value) => {
    if (Array.isArray(value)) return value.length
    throw requestFailed(`The argument to $size must be an array, but was of type: ${typeOf(value)}`)
  }),

  $arrayElemAt: ofList('$arrayElemAt', 2, 2, ([list, index]) => {
    if (isNil(list) || isNil(index)) return null
    if (!Array.isArray(list)) {
      throw requestFailed(`$arrayElemAt's first argument must be an array, but is ${typeOf(list)}`)
    }
    if (typeof index !== 'number' || !Number.isInteger(index)) {
      throw requestFailed(
        `$arrayElemAt's second argument must be representable as a 32-bit integer: ${String(index)}`,
      )
    }
    return list.at(index)
  }),

  $concatArrays: ofList('$concatArrays', 0, MANY, (lists) => {
    if (lists.some(isNil)) return null
    assertListFits(
      '$concatArrays',
      lists.reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0),
    )
    return lists.flatMap((list) => {
      if (Array.isArray(list)) return list
      throw requestFailed(`$concatArrays only supports arrays, not ${typeOf(list)}`)
    })
  }),

  $in: ofList('$in', 2, 2, ([value, list]) => {
    if (Array.isArray(list)) return list.some((item) => isSame(item, value))
    throw requestFailed(`$in requires an array as a second argument, found: ${typeOf(list)}`)
  }),

  $indexOfArray: ofList('$indexOfArray', 2, 4, ([list, value, start = 0, end]) => {
    if (isNil(list)) return null
    if (!Array.isArray(list)) {
      throw requestFailed(`$indexOfArray requires an array as a first argument, found: ${typeOf(list)}`)
    }
    const last = typeof end === 'number' ? end : list.length
    return list.findIndex((item, i) => i >= Number(start) && i < last && isSame(item, value))
  }),

  $slice: ofList('$slice', 2, 3, ([list, first, count]) => {
    if (isNil(list) || isNil(first) || count === null) return null
    if (!Array.isArray(list)) {
      throw requestFailed(`First argument to $slice must be an array, but is of type: ${typeOf(list)}`)
    }
    if (typeof first !== 'number' || !Number.isInteger(first)) {
      throw requestFailed(
        `Second argument to $slice must be a numeric value, but is of type: ${typeOf(first)}`,
      )
    }
    if (count === undefined) return first < 0 ? list.slice(first) : list.slice(0, first)
    if (typeof count !== 'number' || count <= 0) {
      throw requestFailed(`Third argument to $slice must be positive: ${String(count)}`)
    }
    const start = first < 0 ? Math.max(list.length + first, 0) : first
    return list.slice(start, start + count)
  }),

  $setUnion: ofList('$setUnion', 0, MANY, (sets) =>
    sets.some(isNil) ? null : sorted(sets.flatMap((set) => listOf('$setUnion', set))),
  ),
  $setIntersection: ofList('$setIntersection', 0, MANY, (sets) => {
    if (sets.some(isNil)) return null
    const [first = [], ...others] = sets.map((set) => listOf('$setIntersection', set))
    return sorted(first.filter((item) => others.every((set) => set.some((other) => isSame(item, other)))))
  }),

  $mergeObjects: ofList('$mergeObjects', 0, MANY, mergeObjects),
}

/** A list larger than the process's memory would end the whole cloud. */
function assertListFits(name: string, length: number): void {
  const bytes = length * ITEM_BYTES
  countCopies(name, length)
  if (bytes <= MAX_LIST_BYTES) return
  throw requestFailed(
    `${name} would use too much memory (${bytes} bytes) and cannot spill to disk. Memory limit: ${MAX_LIST_BYTES} bytes`,
  )
}

/** Of values and also of the documents of a group. */
export function mergeObjects(values: unknown[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {}
  for (const value of values) {
    if (isNil(value)) continue
    if (!isPlainObject(value)) {
      throw requestFailed(
        `$mergeObjects requires object inputs, but input ${JSON.stringify(value)} is of type ${typeOf(value)}`,
      )
    }
    Object.assign(merged, value)
  }
  return merged
}

function listOf(name: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  throw requestFailed(`All operands of ${name} must be arrays. One argument is of type: ${typeOf(value)}`)
}

/** MongoDB's sets come out in the order of values, without repeats. */
function sorted(values: unknown[]): unknown[] {
  const order = [...values].sort((a, b) => compare(a as MaybeValue, b as MaybeValue))
  return order.filter((value, i) => i === 0 || !isSame(value, order[i - 1]))
}

function isSame(a: unknown, b: unknown): boolean {
  // Mingo's values are the plain forms of ours.
  return equal(a as MaybeValue, b as MaybeValue)
}
