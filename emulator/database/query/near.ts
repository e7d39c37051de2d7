/** `$near` and `$nearSphere` are both a condition and an order, so they are read from a whole query. */
import { requestFailed } from '../errors.ts'
import { type Near, placeOf, readNear } from '../geo/near.ts'
import { type Document, isDocument } from '../values.ts'

const operators = ['$near', '$nearSphere']
/** They stand beside the operator when it has the older form. */
const options = ['$minDistance', '$maxDistance']

/** The near condition of a query, and what the query says beside it; undefined when there is none. Throws when there are two. */
export function takeNear(query: Document): { near: Near; rest: Document } | undefined {
  const taken: Near[] = []
  const rest = withoutNear(query, taken)
  const [near, second] = taken
  if (second) throw requestFailed('Too many geoNear expressions')
  return near && { near, rest }
}

export function nearTest(near: Near): (document: Document) => boolean {
  return (document) => placeOf(near, document) !== undefined
}

function withoutNear(query: Document, taken: Near[]): Document {
  const rest: Document = {}
  for (const [key, condition] of Object.entries(query)) {
    if (key === '$and' && Array.isArray(condition)) {
      rest[key] = condition.map((part) => (isDocument(part) ? withoutNear(part, taken) : part))
      continue
    }
    const operator = isDocument(condition)
      ? operators.find((name) => Object.hasOwn(condition, name))
      : undefined
    if (operator === undefined || !isDocument(condition) || key.startsWith('$')) {
      rest[key] = condition
      continue
    }
    taken.push(readNear(key, operator, condition))
    const others = Object.entries(condition).filter(([name]) => name !== operator && !options.includes(name))
    // What is near is there at all.
    rest[key] = { ...Object.fromEntries(others), $exists: true }
  }
  return rest
}
