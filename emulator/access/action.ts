/** What an action of clients is: a body of the admin wire in, its reply out, with the rules and the database at hand. */
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import type { HandleDatabase } from './documents.ts'
import type { Doc } from './ejson.ts'

/** What of the module `rules` is asked for documents. */
export interface DatabaseRules {
  read(collection: string, query: Doc, client: Client): Promise<Doc>
  laterReads(collection: string, query: Doc, client: Client): ((found: Doc[]) => Promise<void>) | undefined
  create(collection: string, document: Doc, client: Client): Promise<Doc>
  update(collection: string, query: Doc, change: Doc, client: Client): Promise<Doc>
  remove(collection: string, query: Doc, client: Client): Promise<Doc>
}

export interface DatabaseDeps {
  rules: DatabaseRules
  database: { handle: HandleDatabase }
  /** Puts the client's identity in the place of `{openid}` and `{uid}`. */
  fillTemplates<T>(value: T, client: Client): T
  nowMs(): number
}

export type DatabaseAction = (
  deps: DatabaseDeps,
  body: Record<string, unknown>,
  client: Client,
) => Promise<Record<string, unknown>>

export function collectionOf(body: Record<string, unknown>): string {
  const name = body.collectionName
  if (typeof name !== 'string' || name === '')
    throw new WireError('INVALID_PARAM', 'collectionName is required')
  return name
}
