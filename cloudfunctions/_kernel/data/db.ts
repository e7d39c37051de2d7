import type { Doc } from '../context.ts'
import type { Operator } from '../runtime/cloud.ts'
import type { Collection } from './collection.ts'
import type { Join, JoinedPage, Page, PageRequest } from './page.ts'

/** A condition: fields (or dotted paths) with a value or a `command` operator, or an operator over such objects. */
export type Where<T> =
  | ({ [K in keyof T]?: T[K] | Operator } & { [path: `${string}.${string}`]: unknown })
  | Operator

/**
 * A change: each named field (or dotted path) takes the value whole, or is changed by a `command` operator.
 * A nested object replaces what was there: the SDK's habit of merging it is switched off here.
 */
export type Change<T> = { [K in Exclude<keyof T, '_id'>]?: T[K] | Operator } & {
  [path: `${string}.${string}`]: unknown
}

/** One database request each. */
export interface Reads {
  find<T extends Doc>(collection: Collection<T>, id: string): Promise<T | undefined>
  /** Refuses NOT_FOUND. */
  get<T extends Doc>(collection: Collection<T>, id: string): Promise<T>
}

/** Access outside transactions. Each method is one database request; each conditional write is atomic per document. */
export interface Db extends Reads {
  /** Those of `ids` that exist, in no promised order. At most 1,000 ids. */
  findMany<T extends Doc>(collection: Collection<T>, ids: readonly string[]): Promise<T[]>
  query<T extends Doc>(
    collection: Collection<T>,
    options: { where?: Where<T>; orderBy?: [string, 'asc' | 'desc'][]; limit?: number; skip?: number },
  ): Promise<T[]>
  /** A page in a stable order, by cursor. */
  page<T extends Doc>(collection: Collection<T>, request: PageRequest<T>): Promise<Page<T>>
  /** A page, each item with those documents of another collection whose ids follow from it. Still one request. */
  pageJoined<T extends Doc, F extends Doc>(
    collection: Collection<T>,
    request: PageRequest<T> & { join: Join<F> },
  ): Promise<JoinedPage<T, F>>
  count<T extends Doc>(collection: Collection<T>, where: Where<T>): Promise<number>
  /** Throws DuplicateKey when `_id` or a unique index is taken. */
  insert<T extends Doc>(collection: Collection<T>, doc: T): Promise<void>
  /** False when `_id` or a unique index is taken. */
  insertIfAbsent<T extends Doc>(collection: Collection<T>, doc: T): Promise<boolean>
  /** Not atomic: when a document is refused, those before it are there. */
  insertMany<T extends Doc>(collection: Collection<T>, docs: readonly T[]): Promise<void>
  /** Writes the whole document if the stored one still has the `expected` values; else refuses STALE. */
  putIf<T extends Doc>(collection: Collection<T>, doc: T, expected: Partial<T>): Promise<void>
  /** True when the document existed and changed. */
  update<T extends Doc>(collection: Collection<T>, id: string, change: Change<T>): Promise<boolean>
  /** True when the document met the condition and changed: the guard against overselling and lost updates. */
  updateIf<T extends Doc>(
    collection: Collection<T>,
    id: string,
    where: Where<T>,
    change: Change<T>,
  ): Promise<boolean>
  /** Number of documents changed. Not atomic across documents. */
  updateMany<T extends Doc>(collection: Collection<T>, where: Where<T>, change: Change<T>): Promise<number>
  /** Changes one document that meets the condition and returns it as it is afterwards. */
  updateAndReturn<T extends Doc>(
    collection: Collection<T>,
    where: Where<T>,
    change: Change<T>,
  ): Promise<T | undefined>
  remove<T extends Doc>(collection: Collection<T>, id: string): Promise<boolean>
  removeMany<T extends Doc>(collection: Collection<T>, where: Where<T>): Promise<number>
  /** Rows of an aggregation; the caller parses them. `$limit` is required, because the platform caps at 20 without one. */
  aggregate<T extends Doc>(
    collection: Collection<T>,
    options: { match: Where<T>; group: Record<string, unknown>; limit: number },
  ): Promise<unknown[]>
}
