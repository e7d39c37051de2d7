/** $bit: and, or, xor of integers. */
import { Long } from 'bson'
import { requestFailed } from '../errors.ts'
import { typeName } from '../query/element.ts'
import { isDocument, isIntegral, isNumber, type Value } from '../values.ts'
import type { FieldOperator } from './field-operator.ts'
import { shown, shownField } from './shown.ts'

const operations: Record<string, (a: bigint, b: bigint) => bigint> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
}

export const bit: FieldOperator = (current, operand, { path, id }) => {
  if (!isDocument(operand) || Object.keys(operand).length === 0) {
    throw requestFailed(
      `The $bit modifier is not compatible with a ${typeName(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    )
  }
  if (current !== undefined && !isInteger(current)) {
    const field = path.slice(path.lastIndexOf('.') + 1)
    throw requestFailed(
      `Cannot apply $bit to a value of non-integral type.{_id: ${shown(id)}} has the field ${field} of non-integer type ${typeName(current)}`,
    )
  }
  let result = BigInt((current ?? 0).toString())
  for (const [name, mask] of Object.entries(operand)) {
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined
    if (!operation) {
      throw requestFailed(
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${shownField(name, mask)}}`,
      )
    }
    if (!isInteger(mask)) {
      throw requestFailed(
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(mask)}' is not supported here: {${shownField(name, mask)}}`,
      )
    }
    result = operation(result, BigInt(mask.toString()))
  }
  return Number.isSafeInteger(Number(result)) ? Number(result) : Long.fromBigInt(result)
}

function isInteger(value: Value): value is number | Long {
  return isNumber(value) && isIntegral(value)
}
