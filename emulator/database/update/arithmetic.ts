/** $inc and $mul. Integers stay integers, becoming long where int32 ends; with a double the result is a double. */
import { type Double, Long } from 'bson'
import { doubleValue } from '../ejson.ts'
import { requestFailed } from '../errors.ts'
import { typeName } from '../query/element.ts'
import { isIntegral, isNumber, type MaybeValue, toNumber, type Value } from '../values.ts'
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
  )
}

export const mul: FieldOperator = (current, operand, context) => {
  if (!isNumber(operand)) {
    throw requestFailed(`Cannot multiply with non-numeric argument: {${shownField(context.path, operand)}}`)
  }
  if (current === undefined) return isIntegral(operand) ? 0 : doubleValue(0)
  return combine(
    numeric('$mul', current, context),
    operand,
    (a, b) => a * b,
    (a, b) => a * b,
  )
}

type NumberValue = number | Double | Long

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
): Value {
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
