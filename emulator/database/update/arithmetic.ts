/**
 * $inc and $mul. Integers stay integers, becoming long where int32 ends; with a double the result is a double, with a
 * decimal a decimal.
 */
import { Decimal128, Long } from 'bson'
import { doubleValue } from '../ejson.ts'
import { requestFailed } from '../errors.ts'
import { typeName } from '../query/element.ts'
import { isIntegral, isNumber, type MaybeValue, type NumberValue, toNumber, type Value } from '../values.ts'
import { addDecimals, multiplyDecimals } from './decimal.ts'
import type { FieldContext, FieldOperator } from './field-operator.ts'
import { shown, shownField } from './shown.ts'

export const inc: FieldOperator = (current, operand, context) => {
  if (!isNumber(operand)) {
    throw requestFailed(`Cannot increment with non-numeric argument: {${shownField(context.path, operand)}}`)
  }
  if (current === undefined) return operand
  return combine(
    numeric('$inc', current, context),
    operand,
    (a, b) => a + b,
    (a, b) => a + b,
    addDecimals,
  )
}

export const mul: FieldOperator = (current, operand, context) => {
  if (!isNumber(operand)) {
    throw requestFailed(`Cannot multiply with non-numeric argument: {${shownField(context.path, operand)}}`)
  }
  if (current === undefined) {
    if (operand instanceof Decimal128) return Decimal128.fromString('0')
    return isIntegral(operand) ? 0 : doubleValue(0)
  }
  return combine(
    numeric('$mul', current, context),
    operand,
    (a, b) => a * b,
    (a, b) => a * b,
    multiplyDecimals,
  )
}

function numeric(operator: string, current: MaybeValue, { id, path }: FieldContext): NumberValue {
  if (isNumber(current)) return current
  const field = path.slice(path.lastIndexOf('.') + 1)
  throw requestFailed(
    `Cannot apply ${operator} to a value of non-numeric type. {_id: ${shown(id)}} has the field '${field}' of non-numeric type ${typeName(current)}`,
  )
}

function combine(
  a: NumberValue,
  b: NumberValue,
  ofDoubles: (a: number, b: number) => number,
  ofIntegers: (a: bigint, b: bigint) => bigint,
  ofDecimals: (a: Decimal128, b: Decimal128) => Decimal128,
): Value {
  if (a instanceof Decimal128 || b instanceof Decimal128) return ofDecimals(toDecimal(a), toDecimal(b))
  if (!isIntegral(a) || !isIntegral(b)) return doubleValue(ofDoubles(toNumber(a), toNumber(b)))
  if (typeof a === 'number' && typeof b === 'number') {
    const result = ofDoubles(a, b)
    if (Number.isSafeInteger(result)) return result === 0 ? 0 : result
  }
  const exact = ofIntegers(BigInt(a.toString()), BigInt(b.toString()))
  if (exact !== BigInt.asIntN(64, exact))
    throw requestFailed('Failed to apply the update: the result exceeds 64 bits')
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : Long.fromBigInt(exact)
}

/** A double keeps the 15 digits that it is sure of, as in MongoDB. */
function toDecimal(value: NumberValue): Decimal128 {
  if (value instanceof Decimal128) return value
  const text = isIntegral(value) ? value.toString() : String(Number(toNumber(value).toPrecision(15)))
  return Decimal128.fromString(text)
}
