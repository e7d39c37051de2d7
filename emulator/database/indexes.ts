/** The entries under which the indexes of a collection list a document. */
import type { Index, IndexField } from './catalogue.ts'
import { stringify } from './ejson.ts'
import { requestFailed } from './errors.ts'
import { geoKeys } from './geo/index-keys.ts'
import { encodeKey, type KeyValue } from './keys.ts'
import { MAX_INDEX_KEY_BYTES, MAX_INDEXED_FIELD_BYTES } from './limits.ts'
import { indexedValues } from './paths.ts'
import type { Document, MaybeValue } from './values.ts'

export interface IndexKeys {
  /** The encoded fields, without the index's prefix and the record's suffix; no two are equal. */
  keys: Buffer[]
  multikey: boolean
}

/** Longest array that an index follows, so that one document cannot swell it without bound. */
const MAX_ENTRIES_PER_DOCUMENT = 100_000

export function indexKeys(index: Index, document: Document): IndexKeys {
  let multikey = false
  let keys: Buffer[] = [Buffer.alloc(0)]
  let arrayField: string | undefined
  for (const field of index.fields) {
    const { path, segments } = field
    const { values, isArray } = valuesOf(field, document)
    multikey ||= values.length > 1
    if (isArray) {
      const root = segments[0] ?? path
      if (arrayField !== undefined && arrayField !== root) {
        throw requestFailed(`cannot index parallel arrays [${path}] [${arrayField}]`)
      }
      arrayField = root
      multikey = true
    }
    const encoded = distinct(values.map((value) => encodeField(index, field, value)))
    if (keys.length * encoded.length > MAX_ENTRIES_PER_DOCUMENT) {
      throw requestFailed(`too many entries of one document in index ${index.name}`)
    }
    keys =
      keys.length === 1 && keys[0]?.length === 0
        ? encoded
        : keys.flatMap((before) => encoded.map((field) => Buffer.concat([before, field])))
  }
  for (const key of keys) {
    if (key.length > MAX_INDEX_KEY_BYTES) throw requestFailed(`key of index ${index.name} is too large`)
  }
  return { keys, multikey }
}

/** What the index lists of the field: its values, or (of a geo index, none for a document without a place) its cells. */
function valuesOf({ segments, direction }: IndexField, document: Document) {
  if (direction === '2dsphere') return { values: geoKeys(document, segments), isArray: false }
  return indexedValues(document, segments)
}

function encodeField(index: Index, { path, direction }: IndexField, value: KeyValue): Buffer {
  const bytes = encodeKey(value, direction === -1 ? -1 : 1)
  // The encoding adds a type byte and an end mark to the value itself.
  if (bytes.length > MAX_INDEXED_FIELD_BYTES + 3) {
    throw requestFailed(
      `index ${index.name}: the value of ${path} is larger than ${MAX_INDEXED_FIELD_BYTES} bytes`,
    )
  }
  return bytes
}

function distinct(keys: Buffer[]): Buffer[] {
  if (keys.length < 2) return keys
  return [...new Map(keys.map((key) => [key.toString('latin1'), key])).values()]
}

/** `sku: "a", size: 3`, as MongoDB words the key of a duplicate. */
export function describeKey(index: Index, document: Document): string {
  return index.fields
    .map(({ path, segments }) => {
      const [value] = indexedValues(document, segments).values
      return `${path}: ${typeof value === 'symbol' ? 'undefined' : stringify(toShown(value))}`
    })
    .join(', ')
}

function toShown(value: MaybeValue) {
  return value === undefined ? null : value
}
