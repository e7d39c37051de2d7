/** $min and $max, by the order of all values. */
import { compare } from '../values.ts'
import { type FieldOperator, KEEP } from './field-operator.ts'

export const min: FieldOperator = (current, operand) =>
  current === undefined || compare(operand, current) < 0 ? operand : KEEP

export const max: FieldOperator = (current, operand) =>
  current === undefined || compare(operand, current) > 0 ? operand : KEEP
