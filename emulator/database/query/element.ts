/** $exists, $type, $mod. */
import { BSONValue, Decimal128 } from 'bson'
import { requestFailed } from '../errors.ts'
import { isIntegral, isNumber, type MaybeValue, toNumber, type Value } from '../values.ts'
import type { LeafTest } from './leaf.ts'

export function exists(operand: Value): LeafTest {
  const present: LeafTest = { matches: (value) => value !== undefined, wholeArrays: true }
  const wanted = operand !== false && operand !== null && !(isNumber(operand) && toNumber(operand) === 0)
  return wanted ? present : { matches: () => true, negated: [present] }
}

export function type(operand: Value): LeafTest {
  const wanted = readTypes(operand, '$type')
  return { matches: (value) => value !== undefined && isType(value, wanted) }
}

/** Names of types, given by name or by number. */
export function readTypes(operand: Value, what: string): string[] {
  const items = Array.isArray(operand) ? operand : [operand]
  if (items.length === 0) throw requestFailed(`${what} must match at least one type`)
  return items.map((item) => {
    if (isNumber(item)) {
      const name = typeNames[toNumber(item)]
      if (name === undefined) throw requestFailed(`Invalid numerical type code: ${toNumber(item)}`)
      return name
    }
    if (typeof item !== 'string') throw requestFailed('type must be represented as a number or a string')
    if (!knownTypes.has(item)) throw requestFailed(`Unknown type name alias: ${item}`)
    return item
  })
}

/** Whether the value has one of the types; `number` stands for all of numbers. */
export function isType(value: Value, wanted: string[]): boolean {
  const name = typeName(value)
  return wanted.includes(name) || (wanted.includes('number') && numberTypes.has(name))
}

export function mod(operand: Value): LeafTest {
  if (!Array.isArray(operand)) throw requestFailed('malformed mod, needs to be an array')
  if (operand.length < 2) throw requestFailed('malformed mod, not enough elements')
  if (operand.length > 2) throw requestFailed('malformed mod, too many elements')
  const [divisor = 0, remainder = 0] = operand.map((item, i) => {
    const number = isNumber(item) ? Math.trunc(toNumber(item)) : Number.NaN
    if (!Number.isFinite(number)) {
      throw requestFailed(`malformed mod, ${i === 0 ? 'divisor' : 'remainder'} not a number`)
    }
    return number
  })
  if (divisor === 0) throw requestFailed('divisor cannot be 0')
  return {
    // -0 equals 0 here, which is what a remainder of a negative number needs.
    matches: (value) => isNumber(value) && Math.trunc(toNumber(value)) % divisor === remainder,
  }
}

const numberTypes = new Set(['int', 'long', 'double', 'decimal'])

const typeNames: Record<number, string> = {
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  5: 'binData',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  10: 'null',
  11: 'regex',
  13: 'javascript',
  14: 'symbol',
  16: 'int',
  17: 'timestamp',
  18: 'long',
  19: 'decimal',
  [-1]: 'minKey',
  127: 'maxKey',
}

const knownTypes = new Set(['number', ...Object.values(typeNames)])

const bsonNames: Record<string, string> = {
  Binary: 'binData',
  ObjectId: 'objectId',
  BSONRegExp: 'regex',
  Code: 'javascript',
  BSONSymbol: 'symbol',
  Timestamp: 'timestamp',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
}

export function typeName(value: MaybeValue): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (value instanceof Decimal128) return 'decimal'
  if (isNumber(value)) {
    if (!isIntegral(value)) return 'double'
    return Math.abs(toNumber(value)) < 2 ** 31 || toNumber(value) === -(2 ** 31) ? 'int' : 'long'
  }
  if (Array.isArray(value)) return 'array'
  if (value instanceof Date) return 'date'
  if (value instanceof BSONValue) return bsonNames[value._bsontype] ?? 'other'
  return 'object'
}
