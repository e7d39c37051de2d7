/** $eq, $ne, $in, $nin, $gt, $gte, $lt, $lte. Order is compared only within one type. */
import { BSONRegExp } from 'bson'
import { requestFailed } from '../errors.ts'
import { compare, equal, isNumber, toNumber, typeOrderOf, type Value } from '../values.ts'
import type { LeafTest } from './leaf.ts'
import { regexTest } from './regex.ts'

/** @param options.literal compares with a regex itself (`$eq`) rather than matching by it (`{ field: /x/ }`). */
export function equality(operand: Value, options: { literal?: boolean } = {}): LeafTest {
  if (operand instanceof BSONRegExp && !options.literal) return regexTest(operand, undefined)
  if (typeof operand === 'string') return { matches: (value) => value === operand }
  return { matches: (value) => equal(value, operand) }
}

export function inList(operator: string, operand: Value): LeafTest {
  if (!Array.isArray(operand)) throw requestFailed(`${operator} needs an array`)
  const texts = new Set<string>()
  const others: LeafTest[] = []
  for (const item of operand) {
    if (typeof item === 'string') texts.add(item)
    else others.push(equality(item))
  }
  return {
    matches: (value) =>
      (typeof value === 'string' && texts.has(value)) || others.some((test) => test.matches(value)),
  }
}

export function ordering(operand: Value, holds: (order: number) => boolean, orEqual: boolean): LeafTest {
  if (operand instanceof BSONRegExp) throw requestFailed("Can't have RegEx as arg to predicate over field")
  // null has no neighbours within its type: $gte and $lte mean "is null or missing", $gt and $lt never hold.
  if (operand === null) return { matches: (value) => orEqual && (value === null || value === undefined) }
  if (isNumber(operand) && Number.isNaN(toNumber(operand))) {
    return { matches: (value) => orEqual && isNumber(value) && Number.isNaN(toNumber(value)) }
  }
  const type = typeOrderOf(operand)
  return {
    matches: (value) => {
      if (value === undefined || typeOrderOf(value) !== type) return false
      if (isNumber(value) && Number.isNaN(toNumber(value))) return false
      return holds(compare(value, operand))
    },
  }
}
