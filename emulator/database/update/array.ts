/** $pop, $addToSet, $pull, $pullAll. */
import { requestFailed } from '../errors.ts'
import { equality } from '../query/comparison.ts'
import { compileQuery, isOperatorDocument } from '../query/compile.ts'
import { typeName } from '../query/element.ts'
import { equal, isDocument, isNumber, toNumber, type Value } from '../values.ts'
import { type FieldOperator, KEEP } from './field-operator.ts'
import { shown } from './shown.ts'

export const pop: FieldOperator = (current, operand, { path }) => {
  const side = isNumber(operand) ? toNumber(operand) : Number.NaN
  if (side !== 1 && side !== -1) throw requestFailed(`$pop expects 1 or -1, found: ${shown(operand)}`)
  if (current === undefined) return KEEP
  if (!Array.isArray(current)) {
    throw requestFailed(`Path '${path}' contains an element of non-array type '${typeName(current)}'`)
  }
  return side === 1 ? current.slice(0, -1) : current.slice(1)
}

export const addToSet: FieldOperator = (current, operand, { path }) => {
  const items = isDocument(operand) && Object.hasOwn(operand, '$each') ? operand.$each : [operand]
  if (!Array.isArray(items)) {
    throw requestFailed(
      `The argument to $each in $addToSet must be an array but it was of type ${typeName(items)}`,
    )
  }
  if (current !== undefined && !Array.isArray(current)) {
    throw requestFailed(
      `Cannot apply $addToSet to non-array field. Field named '${path}' has non-array type ${typeName(current)}`,
    )
  }
  const result = [...(current ?? [])]
  for (const item of items) if (!result.some((existing) => equal(existing, item))) result.push(item)
  return result
}

export const pull: FieldOperator = (current, operand) => {
  if (current === undefined) return KEEP
  const isPulled = pullTest(operand)
  return pulledFrom(current).filter((item) => !isPulled(item))
}

export const pullAll: FieldOperator = (current, operand) => {
  if (!Array.isArray(operand)) {
    throw requestFailed(`$pullAll requires an array argument but was given a ${typeName(operand)}`)
  }
  if (current === undefined) return KEEP
  return pulledFrom(current).filter((item) => !operand.some((pulled) => equal(pulled, item)))
}

function pulledFrom(current: Value): Value[] {
  if (Array.isArray(current)) return current
  throw requestFailed('Cannot apply $pull to a non-array value')
}

/**
 * A document condition is a query on each document of the array. Operators test each element as a query tests a field:
 * of an element that is an array, its own elements count as well (MongoDB's `pull_node.cpp`).
 */
function pullTest(operand: Value): (item: Value) => boolean {
  if (isOperatorDocument(operand)) {
    const test = compileQuery({ element: operand })
    return (element) => test({ element })
  }
  if (isDocument(operand)) {
    const test = compileQuery(operand)
    return (item) => isDocument(item) && test(item)
  }
  const { matches } = equality(operand)
  return matches
}
