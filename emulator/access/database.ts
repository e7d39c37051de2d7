/** The database actions that clients have, and what becomes of each under the rules. */
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import { aggregateDocuments } from './aggregate.ts'
import type { Doc } from './ejson.ts'
import { calculateDocument, getDocument } from './read.ts'
import { insertDocument, modifyDocument, removeDocument } from './write.ts'

/** What of the module `rules` is asked for documents. */
export interface DatabaseRules {
  read(collection: string, query: Doc, client: Client): Promise<Doc>
  create(collection: string, document: Doc, client: Client): Promise<Doc>
  update(collection: string, query: Doc, change: Doc, client: Client): Promise<Doc>
  remove(collection: string, query: Doc, client: Client): Promise<Doc>
}

export interface DatabaseDeps {
  rules: DatabaseRules
  database: {
    handle(action: string, body: Record<string, unknown>, caller: object): Promise<Record<string, unknown>>
  }
  /** Puts the client's identity in the place of `{openid}` and `{uid}`. */
  fillTemplates<T>(value: T, client: Client): T
  nowMs(): number
}

export type DatabaseAction = (
  deps: DatabaseDeps,
  body: Record<string, unknown>,
  client: Client,
) => Promise<Record<string, unknown>>

/** Neither transactions nor collections: those are for functions (lib.wx.cloud.d.ts `DB.Database`). */
const actions: Record<string, DatabaseAction> = {
  'database.getDocument': getDocument,
  'database.calculateDocument': calculateDocument,
  'database.aggregateDocuments': aggregateDocuments,
  'database.insertDocument': insertDocument,
  'database.modifyDocument': modifyDocument,
  'database.removeDocument': removeDocument,
}

export function databaseActions(deps: DatabaseDeps) {
  return async (action: string, body: Record<string, unknown>, client: Client) => {
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (!run) throw new WireError('DATABASE_PERMISSION_DENIED', `${action} is not offered to clients`)
    if (body.transactionId !== undefined) {
      throw new WireError('DATABASE_PERMISSION_DENIED', 'transactions are not offered to clients')
    }
    return run(deps, body, client)
  }
}

export function collectionOf(body: Record<string, unknown>): string {
  const name = body.collectionName
  if (typeof name !== 'string' || name === '')
    throw new WireError('INVALID_PARAM', 'collectionName is required')
  return name
}
