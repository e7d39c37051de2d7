/** What a client may watch: the query that is run for it, and how what it finds later is judged. */
import type { Client } from '../core/identity.ts'
import type { DatabaseDeps } from './action.ts'
import { decodeDoc, parseQuery, parseRaw, stringifyEjson } from './ejson.ts'

export interface WatchPermission {
  /** The query to run, as EJSON text. */
  queryEjson: string
  /** Rejects when documents (EJSON) that it finds later may not be shown; undefined when the query says all. */
  judge?(documentEjsons: string[]): Promise<void>
}

export function watchAccess({ rules, nowMs }: DatabaseDeps) {
  return async (collection: string, queryEjson: string, client: Client): Promise<WatchPermission> => {
    const query = parseQuery(queryEjson, nowMs())
    const allowed = stringifyEjson(await rules.read(collection, query, client))
    const judgeLater = rules.laterReads(collection, query, client)
    if (!judgeLater) return { queryEjson: allowed }
    const decoded = (text: string) => decodeDoc(parseRaw(text, 'document'), 'document', nowMs())
    return { queryEjson: allowed, judge: async (texts) => judgeLater(texts.map(decoded)) }
  }
}
