/** Whether a document fulfils a query, written down from MongoDB's manual without a thought of speed. */
import { compare, type Doc, equal, isDoc, kindOf, type Value } from './values.ts'

/** What a path leads to: a value, or (undefined) nothing, once for each document in which it leads nowhere. */
type Reached = Value | undefined

export function matches(document: Doc, query: Doc): boolean {
  return Object.entries(query).every(([key, condition]) => {
    if (key === '$and') return list(condition).every((part) => matches(document, part))
    if (key === '$or') return list(condition).some((part) => matches(document, part))
    if (key === '$nor') return !list(condition).some((part) => matches(document, part))
    return fulfils(reach(document, key.split('.')), condition)
  })
}

function list(value: Value): Doc[] {
  // The fuzz builds these lists of queries.
  return value as Doc[]
}

/** Follows a path; through an array, into each document in it, and to the element that a number names. */
export function reach(value: Reached, path: string[]): Reached[] {
  const [field, ...rest] = path
  if (field === undefined) return [value]
  if (Array.isArray(value)) {
    const inside = value.filter(isDoc).flatMap((item) => reach(item, path))
    const named = /^\d+$/.test(field) && Number(field) < value.length ? reach(value[Number(field)], rest) : []
    return [...named, ...inside]
  }
  return isDoc(value) && Object.hasOwn(value, field) ? reach(value[field], rest) : [undefined]
}

function fulfils(reached: Reached[], condition: Value): boolean {
  const isOperators = isDoc(condition) && Object.keys(condition)[0]?.startsWith('$')
  if (!isOperators) return some(reached, (value) => equal(value, condition))
  return Object.entries(condition).every(([operator, operand]) => holds(operator, operand, reached, some))
}

type Some = (reached: Reached[], test: (value: Reached) => boolean) => boolean

/** Of an array, its elements count as well as the whole. */
const some: Some = (reached, test) =>
  reached.some((value) => test(value) || (Array.isArray(value) && value.some(test)))

/** The value itself and nothing in it, as `$elemMatch` looks at elements. */
const alone: Some = (reached, test) => reached.some(test)

function holds(operator: string, operand: Value, reached: Reached[], some: Some): boolean {
  const sameKind = (value: Reached) => kindOf(value) === kindOf(operand)
  switch (operator) {
    case '$eq':
      return some(reached, (value) => equal(value, operand))
    case '$ne':
      return !holds('$eq', operand, reached, some)
    case '$gt':
      return some(reached, (value) => sameKind(value) && compare(value, operand) > 0)
    case '$gte':
      return some(reached, (value) => sameKind(value) && compare(value, operand) >= 0)
    case '$lt':
      return some(reached, (value) => sameKind(value) && compare(value, operand) < 0)
    case '$lte':
      return some(reached, (value) => sameKind(value) && compare(value, operand) <= 0)
    case '$in':
      return values(operand).some((each) => holds('$eq', each, reached, some))
    case '$nin':
      return !holds('$in', operand, reached, some)
    case '$all':
      return values(operand).length > 0 && values(operand).every((each) => holds('$eq', each, reached, some))
    case '$exists':
      return reached.some((value) => value !== undefined) === operand
    case '$size':
      return reached.some((value) => Array.isArray(value) && value.length === operand)
    case '$mod': {
      const [divisor, remainder] = values(operand)
      return some(
        reached,
        (value) => typeof value === 'number' && Math.trunc(value) % Number(divisor) === Number(remainder),
      )
    }
    case '$not':
      return !fulfils(reached, operand)
    case '$elemMatch':
      return reached.some((value) => Array.isArray(value) && value.some((item) => isElement(item, operand)))
    default:
      throw new Error(`the reference does not know ${operator}`)
  }
}

function isElement(item: Value, condition: Value): boolean {
  if (!isDoc(condition)) return false
  if (!Object.keys(condition)[0]?.startsWith('$')) {
    return isDoc(item) && matches(item, condition)
  }
  return Object.entries(condition).every(([operator, operand]) => holds(operator, operand, [item], alone))
}

function values(operand: Value): Value[] {
  // The fuzz gives these operators lists.
  return operand as Value[]
}

/** By what a document is sorted: of an array the least element going up, the greatest going down. */
export function sortKey(document: Doc, path: string, direction: 1 | -1): Value | undefined | typeof EMPTY {
  const candidates = reach(document, path.split('.')).flatMap((value): (Reached | typeof EMPTY)[] => {
    if (!Array.isArray(value)) return [value]
    return value.length === 0 ? [EMPTY] : value
  })
  const [first, ...others] = candidates.length > 0 ? candidates : [undefined]
  return others.reduce((best, each) => (compareKeys(each, best) * direction < 0 ? each : best), first)
}

/** An empty array comes before everything, null included. */
export const EMPTY = Symbol('empty array')

export function compareKeys(a: Reached | typeof EMPTY, b: Reached | typeof EMPTY): number {
  if (a === EMPTY || b === EMPTY) return Number(b === EMPTY) - Number(a === EMPTY)
  return compare(a, b)
}
