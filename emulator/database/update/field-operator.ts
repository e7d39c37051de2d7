/** What an update operator is: the field's value before and the operand give the value after. */
import type { MaybeValue, Value } from '../values.ts'

/** The operator leaves the field as it is, also when it is missing. */
export const KEEP = Symbol('keep')

export interface FieldContext {
  /** As written in the update, for messages. */
  path: string
  nowMs: number
  /** Of the document, for messages. */
  id: MaybeValue
  /** True when the document is being inserted by an upsert. */
  isInsert: boolean
}

/** Gives the new value, undefined to remove the field, or KEEP. Must not change `current` in place. */
export type FieldOperator = (
  current: MaybeValue,
  operand: Value,
  context: FieldContext,
) => MaybeValue | typeof KEEP
