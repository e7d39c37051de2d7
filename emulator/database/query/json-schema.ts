/** $jsonSchema: draft 4 as MongoDB has it, with `bsonType` beside `type`. */
import { requestFailed } from '../errors.ts'
import {
  compare,
  type Document,
  equal,
  isDocument,
  isNumber,
  type MaybeValue,
  toNumber,
  type Value,
} from '../values.ts'
import { isType, readTypes } from './element.ts'
import { toPattern } from './regex.ts'

type Test = (value: Value) => boolean
type Keyword = (operand: Value, schema: Document) => Test

const always: Test = () => true

/** The test of a whole document or of a value in it; refuses keywords that MongoDB does not know or support. */
export function compileSchema(operand: Value): Test {
  if (!isDocument(operand)) throw requestFailed('$jsonSchema must be an object')
  const tests = Object.entries(operand).map(([name, value]) => {
    if (unsupported.has(name)) throw requestFailed(`$jsonSchema keyword '${name}' is not currently supported`)
    const keyword = Object.hasOwn(keywords, name) ? keywords[name] : undefined
    if (!keyword) throw requestFailed(`Unknown $jsonSchema keyword: ${name}`)
    return keyword(value, operand)
  })
  return (value) => tests.every((test) => test(value))
}

const unsupported = new Set(['$ref', '$schema', 'default', 'definitions', 'format', 'id'])

/** JSON's names of types; MongoDB leaves `integer` out. */
const jsonTypes: Record<string, string> = {
  object: 'object',
  array: 'array',
  number: 'number',
  boolean: 'bool',
  string: 'string',
  null: 'null',
}

const keywords: Record<string, Keyword> = {
  title: () => always,
  description: () => always,

  bsonType(operand) {
    const wanted = readTypes(operand, "$jsonSchema keyword 'bsonType'")
    return (value) => isType(value, wanted)
  },
  type(operand) {
    const names = Array.isArray(operand) ? operand : [operand]
    const wanted = names.map((name) => {
      const known = typeof name === 'string' && Object.hasOwn(jsonTypes, name) ? jsonTypes[name] : undefined
      if (known === undefined)
        throw requestFailed(`$jsonSchema type '${String(name)}' is not currently supported.`)
      return known
    })
    return (value) => isType(value, wanted)
  },
  enum(operand) {
    const allowed = arrayOf('enum', operand)
    return (value) => allowed.some((item) => equal(item, value))
  },

  allOf: (operand) => count('allOf', operand, (passed, of) => passed === of),
  anyOf: (operand) => count('anyOf', operand, (passed) => passed > 0),
  oneOf: (operand) => count('oneOf', operand, (passed) => passed === 1),
  not(operand) {
    const test = compileSchema(operand)
    return (value) => !test(value)
  },

  required(operand) {
    const names = arrayOf('required', operand).map(String)
    return ofDocuments((document) => names.every((name) => Object.hasOwn(document, name)))
  },
  properties(operand) {
    const tests = schemasOf('properties', operand)
    return ofDocuments((document) =>
      tests.every(([name, test]) => !Object.hasOwn(document, name) || test(document[name] ?? null)),
    )
  },
  patternProperties(operand) {
    const tests = schemasOf('patternProperties', operand).map(
      ([name, test]) => [toPattern(name, ''), test] as const,
    )
    return ofDocuments((document) =>
      Object.entries(document).every(([name, value]) =>
        tests.every(([pattern, test]) => !pattern.test(name) || test(value)),
      ),
    )
  },
  additionalProperties(operand, { properties, patternProperties }) {
    const test = typeof operand === 'boolean' ? () => operand : compileSchema(operand)
    const named = new Set(Object.keys(documentOr(properties)))
    const patterns = Object.keys(documentOr(patternProperties)).map((name) => toPattern(name, ''))
    return ofDocuments((document) =>
      Object.entries(document).every(
        ([name, value]) => named.has(name) || patterns.some((pattern) => pattern.test(name)) || test(value),
      ),
    )
  },
  dependencies(operand) {
    const tests = Object.entries(documentOf('dependencies', operand)).map(
      ([name, needs]) =>
        [name, Array.isArray(needs) ? keywords.required?.(needs, {}) : compileSchema(needs)] as const,
    )
    return ofDocuments((document) =>
      tests.every(([name, test]) => !Object.hasOwn(document, name) || !test || test(document)),
    )
  },
  minProperties: (operand) => {
    const least = whole('minProperties', operand)
    return ofDocuments((document) => Object.keys(document).length >= least)
  },
  maxProperties: (operand) => {
    const most = whole('maxProperties', operand)
    return ofDocuments((document) => Object.keys(document).length <= most)
  },

  items(operand) {
    if (!Array.isArray(operand)) {
      const test = compileSchema(operand)
      return ofArrays((items) => items.every(test))
    }
    const tests = operand.map(compileSchema)
    return ofArrays((items) => items.every((item, i) => tests[i]?.(item) ?? true))
  },
  additionalItems(operand, { items: own }) {
    const test = typeof operand === 'boolean' ? () => operand : compileSchema(operand)
    return Array.isArray(own) ? ofArrays((items) => items.slice(own.length).every(test)) : always
  },
  minItems: (operand) => {
    const least = whole('minItems', operand)
    return ofArrays((items) => items.length >= least)
  },
  maxItems: (operand) => {
    const most = whole('maxItems', operand)
    return ofArrays((items) => items.length <= most)
  },
  uniqueItems(operand) {
    if (operand !== true) return always
    return ofArrays((items) => {
      const sorted = [...items].sort(compare)
      return sorted.every((item, i) => i === 0 || !equal(item, sorted[i - 1]))
    })
  },

  minLength: (operand) => {
    const least = whole('minLength', operand)
    return ofTexts((text) => [...text].length >= least)
  },
  maxLength: (operand) => {
    const most = whole('maxLength', operand)
    return ofTexts((text) => [...text].length <= most)
  },
  pattern(operand) {
    if (typeof operand !== 'string') throw wrongType('pattern', 'a string')
    const expression = toPattern(operand, '')
    return ofTexts((text) => expression.test(text))
  },

  minimum(operand, { exclusiveMinimum }) {
    const least = number('minimum', operand)
    return ofNumbers((value) => value > least || (value === least && exclusiveMinimum !== true))
  },
  maximum(operand, { exclusiveMaximum }) {
    const most = number('maximum', operand)
    return ofNumbers((value) => value < most || (value === most && exclusiveMaximum !== true))
  },
  exclusiveMinimum: (operand, schema) => exclusive('Minimum', operand, schema.minimum),
  exclusiveMaximum: (operand, schema) => exclusive('Maximum', operand, schema.maximum),
  multipleOf(operand) {
    const divisor = number('multipleOf', operand)
    if (!(divisor > 0)) throw requestFailed("$jsonSchema keyword 'multipleOf' must have a positive value")
    return ofNumbers((value) => value % divisor === 0)
  },
}

function exclusive(side: 'Minimum' | 'Maximum', operand: Value, bound: MaybeValue): Test {
  if (typeof operand !== 'boolean') throw wrongType(`exclusive${side}`, 'a boolean')
  if (bound === undefined) {
    throw requestFailed(
      `$jsonSchema keyword '${side.toLowerCase()}' must be a present if exclusive${side} is present`,
    )
  }
  return always
}

function count(name: string, operand: Value, holds: (passed: number, of: number) => boolean): Test {
  const tests = arrayOf(name, operand).map(compileSchema)
  return (value) => holds(tests.filter((test) => test(value)).length, tests.length)
}

function schemasOf(name: string, operand: Value): [string, Test][] {
  return Object.entries(documentOf(name, operand)).map(([field, schema]) => [field, compileSchema(schema)])
}

function ofDocuments(test: (document: Document) => boolean): Test {
  return (value) => !isDocument(value) || test(value)
}

function ofArrays(test: (items: Value[]) => boolean): Test {
  return (value) => !Array.isArray(value) || test(value)
}

function ofTexts(test: (text: string) => boolean): Test {
  return (value) => typeof value !== 'string' || test(value)
}

function ofNumbers(test: (value: number) => boolean): Test {
  return (value) => !isNumber(value) || test(toNumber(value))
}

function arrayOf(name: string, operand: Value): Value[] {
  if (!Array.isArray(operand)) throw wrongType(name, 'an array')
  if (operand.length === 0) throw requestFailed(`$jsonSchema keyword '${name}' cannot be an empty array`)
  return operand
}

function documentOf(name: string, operand: Value): Document {
  if (!isDocument(operand)) throw wrongType(name, 'an object')
  return operand
}

function documentOr(operand: MaybeValue): Document {
  return operand !== undefined && isDocument(operand) ? operand : {}
}

function number(name: string, operand: Value): number {
  if (!isNumber(operand)) throw wrongType(name, 'a number')
  return toNumber(operand)
}

function whole(name: string, operand: Value): number {
  const value = number(name, operand)
  if (!Number.isInteger(value) || value < 0) throw wrongType(name, 'a non-negative integer')
  return value
}

function wrongType(name: string, wanted: string): Error {
  return requestFailed(`$jsonSchema keyword '${name}' must be ${wanted}`)
}
