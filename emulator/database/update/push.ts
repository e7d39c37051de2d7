/** $push with $each, $position, $slice and $sort. */
import { requestFailed } from '../errors.ts'
import { orderKey, parseOrder } from '../order.ts'
import { typeName } from '../query/element.ts'
import { compare, isDocument, isNumber, type MaybeValue, toNumber, type Value } from '../values.ts'
import type { FieldOperator } from './field-operator.ts'
import { shown } from './shown.ts'

const modifiers = new Set(['$each', '$position', '$slice', '$sort'])

export const push: FieldOperator = (current, operand, { path, id }) => {
  if (current !== undefined && !Array.isArray(current)) {
    throw requestFailed(
      `The field '${path}' must be an array but is of type ${typeName(current)} in document {_id: ${shown(id)}}`,
    )
  }
  const list = current ?? []
  if (!isDocument(operand) || !Object.hasOwn(operand, '$each')) return [...list, operand]
  const unknown = Object.keys(operand).find((key) => !modifiers.has(key))
  if (unknown !== undefined) throw requestFailed(`Unrecognized clause in $push: ${unknown}`)
  const { $each, $position, $slice, $sort } = operand
  if (!Array.isArray($each)) {
    throw requestFailed(
      `The argument to $each in $push must be an array but it was of type: ${typeName($each)}`,
    )
  }
  let result = insertAt(list, $each, wholeNumber($position, '$position'))
  if ($sort !== undefined) result = sorted(result, $sort)
  const slice = wholeNumber($slice, '$slice')
  if (slice === undefined) return result
  if (slice === 0) return []
  return slice > 0 ? result.slice(0, slice) : result.slice(slice)
}

function insertAt(list: Value[], items: Value[], position: number | undefined): Value[] {
  if (position === undefined) return [...list, ...items]
  // A negative position counts from the end.
  const at = position < 0 ? Math.max(list.length + position, 0) : position
  return [...list.slice(0, at), ...items, ...list.slice(at)]
}

function sorted(list: Value[], sort: Value): Value[] {
  if (isNumber(sort)) {
    const sign = toNumber(sort)
    if (sign !== 1 && sign !== -1) throw requestFailed('The $sort element value must be either 1 or -1')
    return [...list].sort((a, b) => sign * compare(a, b))
  }
  if (!isDocument(sort))
    throw requestFailed('The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1}')
  const order = parseOrder(sort)
  const key = (item: Value) => orderKey(order, isDocument(item) ? item : {})
  return list
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ item }) => item)
}

function wholeNumber(value: MaybeValue, name: string): number | undefined {
  if (value === undefined) return undefined
  if (!isNumber(value) || !Number.isInteger(toNumber(value))) {
    throw requestFailed(`The value for ${name} must be an integer value`)
  }
  return toNumber(value)
}
