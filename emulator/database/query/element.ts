/** $exists, $type, $mod. */
import { BSONValue } from 'bson'
import { requestFailed } from '../errors.ts'
import { isIntegral, isNumber, type MaybeValue, toNumber, type Value } from '../values.ts'
import type { LeafTest } from './leaf.ts'

export function exists(operand: Value): LeafTest {
  const present: LeafTest = { matches: (value) => value !== undefined, wholeArrays: true }
  const wanted = operand !== false && operand !== null && !(isNumber(operand) && toNumber(operand) === 0)
  return wanted ? present : { matches: () => true, negated: [present] }
}

export function type(operand: Value): LeafTest {
  const wanted = (Array.isArray(operand) ? operand : [operand]).map((item) => {
    const name = isNumber(item) ? typeNames[toNumber(item)] : item
    if (typeof name !== 'string') throw requestFailed('$type needs the name or number of a type')
    return name
  })
  const isWanted = (value: MaybeValue) => {
    const name = typeName(value)
    return wanted.includes(name) || (wanted.includes('number') && numberTypes.has(name))
  }
  return { matches: (value) => value !== undefined && isWanted(value) }
}

export function mod(operand: Value): LeafTest {
  if (!Array.isArray(operand) || operand.length !== 2) {
    throw requestFailed('malformed mod, needs to be an array of two numbers')
  }
  const [divisor, remainder] = operand.map((item) =>
    isNumber(item) ? Math.trunc(toNumber(item)) : Number.NaN,
  )
  if (
    divisor === undefined ||
    remainder === undefined ||
    !Number.isFinite(divisor) ||
    !Number.isFinite(remainder)
  ) {
    throw requestFailed('malformed mod, divisor and remainder have to be numbers')
  }
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

const bsonNames: Record<string, string> = {
  Binary: 'binData',
  ObjectId: 'objectId',
  BSONRegExp: 'regex',
  Code: 'javascript',
  BSONSymbol: 'symbol',
  Timestamp: 'timestamp',
  Decimal128: 'decimal',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
}

function typeName(value: MaybeValue): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (isNumber(value)) {
    if (!isIntegral(value)) return 'double'
    return Math.abs(toNumber(value)) < 2 ** 31 || toNumber(value) === -(2 ** 31) ? 'int' : 'long'
  }
  if (Array.isArray(value)) return 'array'
  if (value instanceof Date) return 'date'
  if (value instanceof BSONValue) return bsonNames[value._bsontype] ?? 'other'
  return 'object'
}
