/** $pop, $addToSet, $pull, $pullAll. */
import { requestFailed } from '../errors.ts'
import { equality } from '../query/comparison.ts'
import { compileOperators, compileQuery, isOperatorDocument } from '../query/compile.ts'
import { matchesValue } from '../query/leaf.ts'
import { equal, isDocument, isNumber, toNumber, type Value } from '../values.ts'
import { type FieldOperator, KEEP } from './field-operator.ts'
import { arrayAt } from './push.ts'

export const pop: FieldOperator = (current, operand, { path }) => {
  const side = isNumber(operand) ? toNumber(operand) : Number.NaN
  if (side !== 1 && side !== -1) throw requestFailed(`$pop expects 1 or -1 for ${path}`)
  if (current === undefined) return KEEP
  const list = arrayAt(current, path)
  return side === 1 ? list.slice(0, -1) : list.slice(1)
}

export const addToSet: FieldOperator = (current, operand, { path }) => {
  const items = isDocument(operand) && Object.hasOwn(operand, '$each') ? operand.$each : [operand]
  if (!Array.isArray(items)) throw requestFailed('The argument to $each in $addToSet must be an array')
  const result = [...arrayAt(current, path)]
  for (const item of items) if (!result.some((existing) => equal(existing, item))) result.push(item)
  return result
}

export const pull: FieldOperator = (current, operand, { path }) => {
  if (current === undefined) return KEEP
  const isPulled = pullTest(operand)
  return arrayAt(current, path).filter((item) => !isPulled(item))
}

export const pullAll: FieldOperator = (current, operand, { path }) => {
  if (!Array.isArray(operand)) throw requestFailed(`$pullAll requires an array argument for ${path}`)
  if (current === undefined) return KEEP
  return arrayAt(current, path).filter((item) => !operand.some((pulled) => equal(pulled, item)))
}

/** A document condition is a query on each document of the array; operators and values test each element itself. */
function pullTest(operand: Value): (item: Value) => boolean {
  if (isOperatorDocument(operand)) {
    const tests = compileOperators(operand)
    return (item) => matchesValue(tests, item)
  }
  if (isDocument(operand)) {
    const test = compileQuery(operand)
    return (item) => isDocument(item) && test(item)
  }
  const { matches } = equality(operand)
  return matches
}
