/** $sort, with the stage's own refusals. */
import { requestFailed } from '../errors.ts'
import { type Order, orderKey, parseOrder } from '../order.ts'
import { type Document, isDocument, isNumber, toNumber, type Value } from '../values.ts'

export function parseSort(operand: Value): Order {
  if (!isDocument(operand)) throw requestFailed('the $sort key specification must be an object')
  const fields = Object.entries(operand)
  if (fields.length === 0) throw requestFailed('$sort stage must have at least one sort key')
  for (const [path, direction] of fields) {
    if (isDocument(direction)) {
      throw requestFailed('query requires text score metadata, but it is not available')
    }
    if (!isNumber(direction) || Math.abs(toNumber(direction)) !== 1) {
      throw requestFailed(`$sort key ordering must be 1 (for ascending) or -1 (for descending): ${path}`)
    }
  }
  return parseOrder(operand)
}

export function sort(documents: Document[], operand: Value): Document[] {
  const order = parseSort(operand)
  return documents
    .map((document) => ({ document, key: orderKey(order, document) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ document }) => document)
}
