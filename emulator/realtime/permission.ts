/** What a client may watch, and the reading of it in one go with the judgement. */
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import type { LiveQuery } from './live-query.ts'
import type { WatchRequest } from './query-id.ts'
import type { Watches } from './watches.ts'

export interface Permission {
  /** The query (EJSON) that is watched in place of the one that was asked for. */
  queryEjson: string
  /** Rejects when documents that are about to be told may not be; undefined when the query says all. */
  judge?: Judge
}

export type Judge = (documentTexts: string[]) => Promise<void>

/** Throws WireError when there is nothing that this client may watch. */
export type Authorize = (collection: string, queryEjson: string, client: Client) => Promise<Permission>

export interface Permitted {
  live: LiveQuery
  judge: Judge | undefined
}

/** A document that is written without a pause could keep the judge behind for ever. */
const MAX_ATTEMPTS = 100

/** After it, until something else is awaited, the result is one that was judged. */
export async function openPermitted(
  watches: Watches,
  authorize: Authorize,
  request: WatchRequest,
  client: Client,
): Promise<Permitted> {
  const { queryEjson, judge } = await authorize(request.collection, request.queryEjson, client)
  const allowed = { ...request, queryEjson }
  let live = watches.open(allowed)
  if (!judge) return { live, judge }
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const judged = textsOf(live)
    await judge(judged)
    live = watches.open(allowed)
    const now = textsOf(live)
    if (now.length === judged.length && now.every((text, i) => text === judged[i])) return { live, judge }
  }
  throw new WireError(
    'DATABASE_REQUEST_FAILED',
    'the documents change faster than they can be judged; try later',
  )
}

function textsOf({ documents }: LiveQuery): string[] {
  return documents.map(({ text }) => text)
}
