/** $bit: and, or, xor of integers. */
import { Long } from 'bson'
import { requestFailed } from '../errors.ts'
import { isDocument, isIntegral, isNumber, type MaybeValue } from '../values.ts'
import type { FieldOperator } from './field-operator.ts'

const operations: Record<string, (a: bigint, b: bigint) => bigint> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
}

export const bit: FieldOperator = (current, operand, { path }) => {
  if (!isDocument(operand)) throw requestFailed(`The $bit modifier of ${path} needs { and|or|xor: integer }`)
  let result = toInteger(current ?? 0, path)
  for (const [name, mask] of Object.entries(operand)) {
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined
    if (!operation)
      throw requestFailed(`The $bit modifier only supports 'and', 'or', and 'xor', not '${name}'`)
    result = operation(result, toInteger(mask, path))
  }
  return Number.isSafeInteger(Number(result)) ? Number(result) : Long.fromBigInt(result)
}

function toInteger(value: MaybeValue, path: string): bigint {
  if (!isNumber(value) || !isIntegral(value))
    throw requestFailed(`Cannot apply $bit to a value of ${path} that is no integer`)
  return BigInt(value.toString())
}
