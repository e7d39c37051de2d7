/** Dotted paths into documents: how a query sees them, how an index sees them, how an update changes them. */
import { requestFailed } from './errors.ts'
import { EMPTY_ARRAY, type KeyValue } from './keys.ts'
import { shownField } from './update/shown.ts'
import { type Document, fieldOf, isDocument, type MaybeValue, type Value } from './values.ts'

export function splitPath(path: string): string[] {
  const segments = path.split('.')
  for (const segment of segments) {
    if (segment === '') throw requestFailed(`FieldPath field names may not be empty: '${path}'`)
    if (segment === '__proto__' || segment.includes('\0'))
      throw requestFailed(`invalid field name: '${path}'`)
  }
  return segments
}

const ARRAY_INDEX = /^(0|[1-9]\d{0,6})$/

function arrayIndex(segment: string): number | undefined {
  return ARRAY_INDEX.test(segment) ? Number(segment) : undefined
}

/**
 * Whether any value that MongoDB finds at the path satisfies `test`. Arrays on the way are entered: by position where
 * the segment is a number, and through each of their documents. A path that leads nowhere gives undefined.
 */
export function someAt(
  value: MaybeValue,
  segments: string[],
  test: (leaf: MaybeValue) => boolean,
  at = 0,
): boolean {
  const segment = segments[at]
  if (segment === undefined) return test(value)
  if (Array.isArray(value)) {
    const index = arrayIndex(segment)
    if (index !== undefined && index < value.length && someAt(value[index], segments, test, at + 1))
      return true
    return value.some((item) => isDocument(item) && someAt(item, segments, test, at))
  }
  if (!isDocument(value)) return test(undefined)
  return someAt(fieldOf(value, segment), segments, test, at + 1)
}

/** The value at a path when arrays are entered by position only; what updates and projections of one field mean. */
export function valueAt(document: Document, segments: string[]): MaybeValue {
  let value: MaybeValue = document
  for (const segment of segments) {
    if (Array.isArray(value)) {
      const index = arrayIndex(segment)
      value = index === undefined ? undefined : value[index]
    } else if (isDocument(value)) value = fieldOf(value, segment)
    else return undefined
  }
  return value
}

/** The values under which an index lists a document: elements of an array one by one, null for a missing field. */
export function indexedValues(
  document: Document,
  segments: string[],
): { values: KeyValue[]; isArray: boolean } {
  const values: KeyValue[] = []
  let isArray = false
  const visit = (value: MaybeValue, at: number): void => {
    const segment = segments[at]
    if (segment === undefined) {
      if (!Array.isArray(value)) {
        values.push(value ?? null)
        return
      }
      isArray = true
      if (value.length === 0) values.push(EMPTY_ARRAY)
      for (const item of value) values.push(item)
      return
    }
    if (Array.isArray(value)) {
      isArray = true
      const index = arrayIndex(segment)
      if (index !== undefined && index < value.length) visit(value[index], at + 1)
      for (const item of value) if (isDocument(item)) visit(item, at)
      return
    }
    if (isDocument(value)) visit(fieldOf(value, segment), at + 1)
    else values.push(null)
  }
  visit(document, 0)
  if (values.length === 0) values.push(null)
  return { values, isArray }
}

/** Sets the value at a path, creating documents on the way. The document must be the caller's own copy. */
export function setAt(document: Document, segments: string[], value: Value): void {
  const { parent, last } = parentOf(document, segments)
  if (Array.isArray(parent)) {
    const index = arrayIndex(last)
    if (index === undefined) throw cannotCreate(last, segments.at(-2) ?? '', parent)
    while (parent.length < index) parent.push(null)
    parent[index] = value
  } else parent[last] = value
}

/** Removes the field at a path; an array element becomes null, as in MongoDB. True when something was there. */
export function unsetAt(document: Document, segments: string[]): boolean {
  const parent = valueAt(document, segments.slice(0, -1))
  const last = segments[segments.length - 1] ?? ''
  if (Array.isArray(parent)) {
    const index = arrayIndex(last)
    if (index === undefined || index >= parent.length) return false
    parent[index] = null
    return true
  }
  if (!isDocument(parent) || !Object.hasOwn(parent, last)) return false
  delete parent[last]
  return true
}

function parentOf(document: Document, segments: string[]): { parent: Document | Value[]; last: string } {
  let parent: Document | Value[] = document
  for (let i = 0; i < segments.length - 1; i++) {
    const segment = segments[i] ?? ''
    let next: MaybeValue
    if (Array.isArray(parent)) {
      const index = arrayIndex(segment)
      if (index === undefined) throw cannotCreate(segment, segments[i - 1] ?? '', parent)
      while (parent.length < index) parent.push(null)
      next = parent[index]
      if (next === undefined) {
        next = {}
        parent[index] = next
      }
    } else {
      next = fieldOf(parent, segment)
      if (next === undefined) {
        next = {}
        parent[segment] = next
      }
    }
    if (!Array.isArray(next) && !isDocument(next)) throw cannotCreate(segments[i + 1] ?? '', segment, next)
    parent = next
  }
  return { parent, last: segments[segments.length - 1] ?? '' }
}

function cannotCreate(segment: string, parentName: string, parent: Value): Error {
  return requestFailed(`Cannot create field '${segment}' in element {${shownField(parentName, parent)}}`)
}
