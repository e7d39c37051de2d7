/** $all, $size, $elemMatch. */
import { requestFailed } from '../errors.ts'
import { isDocument, isNumber, toNumber, type Value } from '../values.ts'
import { equality } from './comparison.ts'
import { type Compiler, type LeafTest, matchesValue } from './leaf.ts'

export function size(operand: Value): LeafTest {
  if (!isNumber(operand) || !Number.isInteger(toNumber(operand)))
    throw requestFailed('$size must be a whole number')
  if (toNumber(operand) < 0) throw requestFailed('$size may not be negative')
  const wanted = toNumber(operand)
  return { matches: (value) => Array.isArray(value) && value.length === wanted, wholeArrays: true }
}

export function all(operand: Value, compiler: Compiler): LeafTest {
  if (!Array.isArray(operand)) throw requestFailed('$all needs an array')
  const tests = operand.map((item) => {
    const inner = isDocument(item) && Object.hasOwn(item, '$elemMatch') ? item.$elemMatch : undefined
    return inner === undefined ? equality(item) : elemMatch(inner, compiler)
  })
  return { matches: () => false, every: tests.length > 0 ? tests : undefined }
}

const logic = new Set(['$and', '$or', '$nor', '$expr'])

export function elemMatch(operand: Value, compiler: Compiler): LeafTest {
  if (!isDocument(operand)) throw requestFailed('$elemMatch needs an Object')
  const [first] = Object.keys(operand)
  if (first?.startsWith('$') && !logic.has(first)) {
    const tests = compiler.operators(operand)
    return {
      matches: (value) => Array.isArray(value) && value.some((item) => matchesValue(tests, item)),
      wholeArrays: true,
    }
  }
  const test = compiler.query(operand)
  return {
    matches: (value) => Array.isArray(value) && value.some((item) => isDocument(item) && test(item)),
    wholeArrays: true,
  }
}
