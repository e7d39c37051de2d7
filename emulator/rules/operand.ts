/** What a part of a rule comes to, and how two such things compare. */
import type { CompareOperator } from './language/ast.ts'
import { isEqual, orderOf, show } from './values.ts'

/** True or false, or undefined where the query does not tell. */
export type Truth = boolean | undefined

export type Operand =
  | { kind: 'value'; value: unknown }
  /** A field of the documents that a query finds. */
  | { kind: 'field'; path: string }
  | { kind: 'untold' }

/** What `doc` is. */
export interface DocumentView {
  whole: Operand
  /** The one value that the field has in all documents; undefined when the query does not fix one. */
  pinned(path: string): { value: unknown; fromList: boolean } | undefined
  compare(path: string, operator: OrderOperator, constant: unknown): Truth
  /** Whether the field, a list, holds the value. */
  holds(path: string, item: unknown): Truth
}

export type OrderOperator = Exclude<CompareOperator, '!=' | 'in'>

/** An identity that the caller has not, such as `auth.openid` of a web login: equal to null only where the rule says null. */
export const ABSENT = Symbol('absent')
/** A field of `request.data` that the change removes: equal to nothing, not even to undefined. */
export const REMOVED = Symbol('removed')
/** A field of `request.data` whose new value only the database knows, as after `_.inc`. */
export const COMPUTED = Symbol('computed')

export function areSame(left: unknown, right: unknown, withNull: boolean): boolean {
  if (left === ABSENT || right === ABSENT) return withNull
  if (left === REMOVED || right === REMOVED) return false
  return isEqual(left, right)
}

export function isOrdered(operator: Exclude<OrderOperator, '=='>, left: unknown, right: unknown): boolean {
  const order = orderOf(left, right)
  if (order === undefined) return false
  if (order === 0) return operator === '<=' || operator === '>='
  return order < 0 === operator.startsWith('<')
}

export const mirrored: Record<OrderOperator, OrderOperator> = {
  '==': '==',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

export function described(operand: Operand): string {
  if (operand.kind !== 'value') return 'is not fixed by the query'
  if (operand.value === ABSENT) return 'is absent'
  if (operand.value === REMOVED) return 'is removed'
  return `is ${show(operand.value)}`
}

export function anyOf(truths: Truth[]): Truth {
  if (truths.includes(true)) return true
  return truths.includes(undefined) ? undefined : false
}

export const negated = (truth: Truth): Truth => (truth === undefined ? undefined : !truth)
export const known = (value: unknown): Operand => ({ kind: 'value', value })
export const fromTruth = (truth: Truth): Operand => (truth === undefined ? { kind: 'untold' } : known(truth))
