/** $set, $unset, $setOnInsert, $currentDate. */
import { Timestamp } from 'bson'
import { requestFailed } from '../errors.ts'
import { typeName } from '../query/element.ts'
import { isDocument } from '../values.ts'
import { type FieldOperator, KEEP } from './field-operator.ts'

export const set: FieldOperator = (_current, operand) => operand

export const unset: FieldOperator = () => undefined

export const setOnInsert: FieldOperator = (_current, operand, { isInsert }) => (isInsert ? operand : KEEP)

export const currentDate: FieldOperator = (_current, operand, { nowMs }) => {
  if (typeof operand === 'boolean') return new Date(nowMs)
  if (!isDocument(operand)) {
    throw requestFailed(
      `${typeName(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    )
  }
  if (operand.$type === 'date') return new Date(nowMs)
  if (operand.$type === 'timestamp') return Timestamp.fromBits(1, Math.floor(nowMs / 1000))
  throw requestFailed(
    "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
  )
}
