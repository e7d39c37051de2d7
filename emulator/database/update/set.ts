/** $set, $unset, $setOnInsert, $currentDate. */
import { requestFailed } from '../errors.ts'
import { isDocument } from '../values.ts'
import { type FieldOperator, KEEP } from './field-operator.ts'

export const set: FieldOperator = (_current, operand) => operand

export const unset: FieldOperator = () => undefined

export const setOnInsert: FieldOperator = (_current, operand, { isInsert }) => (isInsert ? operand : KEEP)

export const currentDate: FieldOperator = (_current, operand, { nowMs, path }) => {
  const isDate = operand === true || (isDocument(operand) && operand.$type === 'date')
  if (!isDate) throw requestFailed(`$currentDate of ${path} must be true or { $type: 'date' }`)
  return new Date(nowMs)
}
