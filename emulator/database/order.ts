/** Sort orders: parsing them, and sorting by bytes that order as an index with the same fields would. */
import { invalidParam } from './errors.ts'
import { EMPTY_ARRAY, encodeKey, type KeyValue } from './keys.ts'
import { indexedValues, splitPath } from './paths.ts'
import { type Document, isNumber, toNumber } from './values.ts'

export interface OrderField {
  path: string
  segments: string[]
  direction: 1 | -1
}

export type Order = OrderField[]

export function parseOrder(order: Document): Order {
  return Object.entries(order).map(([path, direction]) => {
    const sign = isNumber(direction) ? toNumber(direction) : Number.NaN
    if (sign !== 1 && sign !== -1) throw invalidParam(`order of ${path} must be 1 or -1`)
    return { path, segments: splitPath(path), direction: sign }
  })
}

/** Bytes that compare as the documents do in this order. Of an array, the least or greatest element counts. */
export function orderKey(order: Order, document: Document): Buffer {
  return Buffer.concat(
    order.map(({ segments, direction }) => {
      const { values } = indexedValues(document, segments)
      const keys = values.map((value: KeyValue) => encodeKey(value, direction))
      return keys.reduce((least, key) => (Buffer.compare(key, least) < 0 ? key : least), keys[0] ?? nullKey)
    }),
  )
}

const nullKey = encodeKey(EMPTY_ARRAY)
