/** What realtime needs to know of documents and of the database that holds them. */

/** A document of the database; read only, and opaque but for its `_id`. */
export type Document = Readonly<Record<string, unknown>>

/** Texts and numbers are all that a client can watch by; other ids are known by their text. */
export type DocId = string | number

/** A commit's change of one document, as the database tells it. */
export interface CommittedChange {
  collection: string
  id: unknown
  kind: 'insert' | 'update' | 'replace' | 'remove'
  after?: Document
}

export interface StandingQuery {
  /** Documents of now, in order, at once. Throws WireError without the collection. */
  read(limit: number): Document[]
  matches(document: Document): boolean
  /** Bytes that compare as documents do in the order asked for. */
  orderKey(document: Document): Buffer
  /** EJSON text. */
  encode(document: Document): string
}

export interface WatchedDatabase {
  standingQuery(collection: string, queryEjson: string, orderEjson?: string): StandingQuery
  /** Hears of every commit, in order, before anything of the next can be read. */
  onCommit(listener: (changes: CommittedChange[]) => void): () => void
}

export function docIdOf(id: unknown): DocId {
  return typeof id === 'string' || typeof id === 'number' ? id : JSON.stringify(id ?? null)
}
