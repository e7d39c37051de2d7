/** Sort orders: parsing them, and sorting by bytes that order as an index with the same fields would. */
import { invalidParam } from './errors.ts'
import { type Near, placeOf } from './geo/near.ts'
import { EMPTY_ARRAY, encodeKey, type KeyValue } from './keys.ts'
import { indexedValues, splitPath } from './paths.ts'
import { type Document, isNumber, toNumber } from './values.ts'

export interface OrderField {
  path: string
  segments: string[]
  direction: 1 | -1
  /** Set when documents are ordered by their distance from a point; then no index of the path gives the order. */
  near?: Near
}

export type Order = OrderField[]

export function parseOrder(order: Document): Order {
  return Object.entries(order).map(([path, direction]) => {
    const sign = isNumber(direction) ? toNumber(direction) : Number.NaN
    if (sign !== 1 && sign !== -1) throw invalidParam(`order of ${path} must be 1 or -1`)
    return { path, segments: splitPath(path), direction: sign }
  })
}

/** The nearest first: the order of a near query that names no other. */
export function nearestFirst(near: Near): Order {
  return [{ path: `$near ${near.path}`, segments: near.segments, direction: 1, near }]
}

/** Bytes that compare as the documents do in this order. Of an array, the least or greatest element counts. */
export function orderKey(order: Order, document: Document): Buffer {
  return Buffer.concat(
    order.map(({ segments, direction, near }) => {
      if (near) return encodeKey(placeOf(near, document)?.radians ?? Number.POSITIVE_INFINITY)
      const { values } = indexedValues(document, segments)
      const keys = values.map((value: KeyValue) => encodeKey(value, direction))
      return keys.reduce((least, key) => (Buffer.compare(key, least) < 0 ? key : least), keys[0] ?? nullKey)
    }),
  )
}

const nullKey = encodeKey(EMPTY_ARRAY)
