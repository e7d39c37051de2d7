/**
 * The id of a watch carries what is watched: `REBUILD_WATCH` names nothing else, and a client that comes back after this
 * process was started anew is to get its watch back. Whoever makes one up gains nothing: every build is authorised.
 */
import * as z from 'zod'

/** What a client asks to watch, before its permission says what of it. */
export interface WatchRequest {
  collection: string
  queryEjson: string
  orderEjson?: string
  limit?: number
}

const carried = z.object({
  collection: z.string(),
  queryEjson: z.string(),
  orderEjson: z.string().optional(),
  limit: z.int().positive().optional(),
})

/** @param nonce tells watches of the same apart */
export function encodeQueryId(nonce: string, request: WatchRequest): string {
  return `${nonce}.${Buffer.from(JSON.stringify(request)).toString('base64url')}`
}

/** Undefined when it is none of ours. */
export function decodeQueryId(queryId: string): WatchRequest | undefined {
  const text = Buffer.from(queryId.slice(queryId.indexOf('.') + 1), 'base64url').toString()
  try {
    return carried.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
