/** The platform's limits on documents, queries and indexes, each with where it is written. */
import { calculateObjectSize } from 'bson'
import { invalidParam, requestFailed } from './errors.ts'
import type { Document } from './values.ts'

/** `limit()` on the server: default 100, at most 1000 (@cloudbase/database query.ts). */
export const DEFAULT_QUERY_LIMIT = 100
export const MAX_QUERY_LIMIT = 1000
/** Documents an aggregation returns when it has no `$limit` stage (WeChat: Aggregate.end). */
export const DEFAULT_AGGREGATE_LIMIT = 20
/** One reply of the database (platform manual: system limits). */
export const MAX_RESULT_BYTES = 16 * 1024 * 1024
/** One document on add and update (`db_doc_size_limit` in @cloudbase/database). */
const MAX_DOCUMENT_BYTES = 512 * 1024
export const MAX_INDEXES_PER_COLLECTION = 20
/** The value of one indexed field (platform manual: index management). */
export const MAX_INDEXED_FIELD_BYTES = 1024
/** Longest whole key of an index entry: the store's own limit, met only by compound indexes on long texts. */
export const MAX_INDEX_KEY_BYTES = 1900
/** MongoDB's depth limit for nested documents. */
export const MAX_NESTING = 100
/** A transaction is ended by the platform after about 30 s (platform manual: transactions). */
export const TRANSACTION_LIFE_MS = 30_000
/** How long, in real time, a plain write waits for a document that a transaction holds. */
export const LOCK_WAIT_MS = 5_000
/** How long, in real time, the reply of a conflict waits at most for the transaction it conflicts with. */
export const CONFLICT_HELD_BACK_MS = 100
/** From this size on, a query that no index helps is worth a warning. */
export const SCAN_WARNING_DOCUMENTS = 1_000

/** Refuses a document over the size limit. `text` is its stored form, a cheap first estimate. */
export function assertDocumentSize(document: Document, text: string): void {
  // The stored text never is shorter than a third of the BSON size, so small texts need no exact count.
  if (text.length < MAX_DOCUMENT_BYTES / 8) return
  if (calculateObjectSize(document) > MAX_DOCUMENT_BYTES) {
    throw invalidParam(`document size exceeds limit (${MAX_DOCUMENT_BYTES} bytes)`)
  }
}

/** Sums reply texts and refuses once they pass the limit of one reply. */
export function createResultMeter(): (text: string) => void {
  let bytes = 0
  return (text) => {
    bytes += Buffer.byteLength(text)
    if (bytes > MAX_RESULT_BYTES) throw requestFailed('database query result size exceed limit (16MB)')
  }
}

const COLLECTION_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$/

export function isCollectionName(name: string): boolean {
  return COLLECTION_NAME.test(name)
}

export function assertCollectionName(name: string): void {
  if (!isCollectionName(name)) throw invalidParam(`invalid collection name: ${name.slice(0, 80)}`)
}
