/** Values and their order, written down from MongoDB's manual ("Comparison/Sort Order") for the kinds that the fuzz uses. */

export type Value = null | boolean | number | string | Date | Value[] | { [field: string]: Value }
export type Doc = { [field: string]: Value }

export function isDoc(value: unknown): value is Doc {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

export function kindOf(value: Value | undefined): number {
  if (value === undefined || value === null) return 1
  if (typeof value === 'number') return 2
  if (typeof value === 'string') return 3
  if (isDoc(value)) return 4
  if (Array.isArray(value)) return 5
  return typeof value === 'boolean' ? 6 : 7
}

export function compare(a: Value | undefined, b: Value | undefined): number {
  const kinds = kindOf(a) - kindOf(b)
  if (kinds !== 0) return kinds
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime()
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b, compare)
  if (isDoc(a) && isDoc(b)) {
    return compareLists(Object.entries(a), Object.entries(b), ([fieldA, x], [fieldB, y]) => {
      return kindOf(x) - kindOf(y) || compare(fieldA, fieldB) || compare(x, y)
    })
  }
  return 0
}

function compareLists<T>(a: T[], b: T[], each: (x: T, y: T) => number): number {
  for (const [i, x] of a.entries()) {
    const y = b[i]
    if (y === undefined) return 1
    const order = each(x, y)
    if (order !== 0) return order
  }
  return a.length - b.length
}

export function equal(a: Value | undefined, b: Value | undefined): boolean {
  return compare(a, b) === 0
}
