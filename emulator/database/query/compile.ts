/** Query documents as predicates, with MongoDB's meaning of paths, arrays, null and missing fields. */
import { BSONRegExp } from 'bson'
import { requestFailed } from '../errors.ts'
import type { Variables } from '../expression/context.ts'
import { someAt, splitPath } from '../paths.ts'
import { type Document, isDocument, type MaybeValue, type Value } from '../values.ts'
import { equality } from './comparison.ts'
import { expressionTest } from './expression.ts'
import { compileSchema } from './json-schema.ts'
import type { Compiler, LeafTest } from './leaf.ts'
import { operators } from './operators.ts'
import { regexTest } from './regex.ts'
import { refuseText } from './text.ts'

export type DocumentTest = (document: Document) => boolean

/**
 * Compiles a whole query document; refuses what MongoDB refuses.
 * @param variables what `$$name` stands for in `$expr`, inside the pipeline of a `$lookup`
 */
export function compileQuery(query: Document, variables?: Variables): DocumentTest {
  const tests: DocumentTest[] = []
  for (const [key, condition] of Object.entries(query)) {
    tests.push(key.startsWith('$') ? compileLogic(key, condition, variables) : compileField(key, condition))
  }
  const [only] = tests
  if (tests.length === 1 && only) return only
  return (document) => tests.every((test) => test(document))
}

function compileLogic(operator: string, condition: Value, variables: Variables | undefined): DocumentTest {
  if (operator === '$comment') return () => true
  if (operator === '$expr') return expressionTest(condition, variables)
  if (operator === '$jsonSchema') return compileSchema(condition)
  if (operator === '$text') return refuseText(condition)
  // MongoDB's words where it runs no JavaScript, which is how a database shared by tenants is run.
  if (operator === '$where') throw requestFailed('no globalScriptEngine in $where parsing')
  if (operator !== '$and' && operator !== '$or' && operator !== '$nor') {
    throw requestFailed(`unknown top level operator: ${operator}`)
  }
  if (!Array.isArray(condition) || condition.length === 0) {
    throw requestFailed(`${operator} must be a nonempty array`)
  }
  const tests = condition.map((part) => {
    if (!isDocument(part)) throw requestFailed('$or/$and/$nor entries need to be full objects')
    return compileQuery(part, variables)
  })
  if (operator === '$and') return (document) => tests.every((test) => test(document))
  if (operator === '$or') return (document) => tests.some((test) => test(document))
  return (document) => !tests.some((test) => test(document))
}

function compileField(path: string, condition: Value): DocumentTest {
  const segments = splitPath(path)
  if (!isOperatorDocument(condition)) return at(segments, equality(condition))
  const tests = compileOperators(condition).map((test) => at(segments, test))
  const [only] = tests
  if (tests.length === 1 && only) return only
  return (document) => tests.every((test) => test(document))
}

/** `{ $gt: 1, $lt: 5 }` and the like; a document without `$` keys is a value to compare with. */
export function isOperatorDocument(condition: MaybeValue): condition is Document {
  if (!isDocument(condition)) return false
  const [first] = Object.keys(condition)
  return first?.startsWith('$') ?? false
}

/** The tests of one field's operator document. */
function compileOperators(condition: Document): LeafTest[] {
  const tests: LeafTest[] = []
  for (const [operator, operand] of Object.entries(condition)) {
    if (operator === '$options') {
      if (!Object.hasOwn(condition, '$regex')) throw requestFailed('$options needs a $regex')
      continue
    }
    if (operator === '$regex') {
      tests.push(regexTest(operand, condition.$options))
      continue
    }
    if (operator === '$not') {
      tests.push(compileNot(operand))
      continue
    }
    const build = Object.hasOwn(operators, operator) ? operators[operator] : undefined
    if (!build) throw unknownOperator(operator)
    tests.push(build(operand, compiler))
  }
  return tests
}

function compileNot(operand: Value): LeafTest {
  if (!(operand instanceof BSONRegExp) && !isOperatorDocument(operand)) {
    throw requestFailed('$not needs a regex or a document')
  }
  const inner = operand instanceof BSONRegExp ? [equality(operand)] : compileOperators(operand)
  return { matches: () => true, negated: inner }
}

/** A test of one value, applied to what lies at the path. */
function at(segments: string[], test: LeafTest): DocumentTest {
  if (test.negated) {
    const tests = test.negated.map((inner) => at(segments, inner))
    return (document) => !tests.every((inner) => inner(document))
  }
  if (test.every) {
    const tests = test.every.map((inner) => at(segments, inner))
    return (document) => tests.every((inner) => inner(document))
  }
  const { matches, wholeArrays } = test
  const leaf = wholeArrays
    ? matches
    : (value: MaybeValue) => matches(value) || (Array.isArray(value) && value.some((item) => matches(item)))
  return (document) => someAt(document, segments, leaf)
}

const compiler: Compiler = { query: compileQuery, operators: compileOperators }

const nearOperators = new Set(['$near', '$nearSphere', '$geoNear'])

function unknownOperator(operator: string): Error {
  // What orders documents is taken out of a query before; here it stands where nothing can be ordered.
  if (nearOperators.has(operator)) {
    return requestFailed('$geoNear, $near, and $nearSphere are not allowed in this context')
  }
  return requestFailed(`unknown operator: ${operator}`)
}
