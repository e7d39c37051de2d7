/** The messages of the realtime protocol, all JSON text (@cloudbase/database `realtime/message.ts`, `websocket-client.ts`). */
import * as z from 'zod'
import { WireError } from '../core/errors.ts'
import type { WatchRequest } from './query-id.ts'

const message = z.object({
  // A wrong one is refused as unknown, with the request's id.
  msgType: z.string().catch(''),
  requestId: z.string().catch(''),
  watchId: z.string().optional().catch(undefined),
  msgData: z.unknown().optional(),
  exMsgData: z.unknown().optional(),
})

export type Message = z.output<typeof message>

export function parseMessage(text: string): Message {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    throw new WireError('INVALID_PARAM', 'a message must be JSON')
  }
  return parse(message, raw)
}

/** What a login says of who logs in. */
export interface LoginInfo {
  envId: string
  accessToken: string
  signStr: string
  secretVersion: string
}

const text = z.string().or(z.number().transform(String)).catch('')
const login = z.object({ envId: text, accessToken: text }).catch({ envId: '', accessToken: '' })
const loginSign = z.object({ signStr: text, secretVersion: text }).catch({ signStr: '', secretVersion: '' })

export function readLogin({ msgData, exMsgData }: Message): LoginInfo {
  return { ...login.parse(msgData), ...loginSign.parse(exMsgData) }
}

const initWatch = z.object({
  collName: z.string().min(1),
  query: z.string().nullish(),
  limit: z.int().positive().nullish(),
  orderBy: z.record(z.string(), z.enum(['asc', 'desc'])).nullish(),
})

export function readInitWatch({ msgData }: Message): WatchRequest {
  const { collName, query, limit, orderBy } = parse(initWatch, msgData)
  const order = Object.entries(orderBy ?? {}).map(([path, way]) => [path, way === 'asc' ? 1 : -1])
  return {
    collection: collName,
    queryEjson: readQuery(query || '{}'),
    orderEjson: order.length > 0 ? JSON.stringify(Object.fromEntries(order)) : undefined,
    limit: limit ?? undefined,
  }
}

/** The server SDK's client sends the JSON text of its query's text (@cloudbase/database `query.ts`, `watch`). */
function readQuery(query: string): string {
  if (!query.startsWith('"')) return query
  try {
    return z.string().parse(JSON.parse(query))
  } catch {
    throw new WireError('INVALID_PARAM', 'query must be JSON')
  }
}

const lastEvent = z.object({ queryID: z.string(), eventID: z.int().nonnegative() })

/** Which event a client has seen last of which watch. */
export function readLastEvent({ msgData }: Message): { queryId: string; eventId: number } {
  const { queryID, eventID } = parse(lastEvent, msgData)
  return { queryId: queryID, eventId: eventID }
}

function parse<T extends z.ZodType>(schema: T, raw: unknown): z.output<T> {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new WireError('INVALID_PARAM', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`)
}

/** Whom a message to the client answers, or which watch it is about. */
export interface Address {
  requestId: string
  watchId?: string
}

export function frame({ requestId, watchId }: Address, msgType: string, msgData: unknown): string {
  return JSON.stringify({ watchId, requestId, msgType, msgData })
}

/** `events` are JSON texts with commas between, written once for all who get them. */
export function eventsFrame(
  { requestId, watchId }: Address,
  msgType: 'INIT_EVENT' | 'NEXT_EVENT',
  { queryId, currEvent, events }: { queryId: string; currEvent: number; events: string },
): string {
  const head = JSON.stringify({ watchId, requestId, msgType }).slice(0, -1)
  const data = JSON.stringify({ queryID: queryId, currEvent }).slice(0, -1)
  return `${head},"msgData":${data},"events":[${events}]}}`
}

/** The client ends its watch at these and at every code that it does not know. */
export function errorFrame(address: Address, error: unknown): string {
  const { code, message: words } =
    error instanceof WireError
      ? error
      : { code: 'SYS_ERR', message: 'internal error of the local cloud; see its log' }
  return frame(address, 'ERROR', { code: watchCodes[code] ?? code, message: words })
}

/** The realtime service has a name of its own for what the database refuses. */
const watchCodes: Record<string, string> = { DATABASE_PERMISSION_DENIED: 'COLLECTION_PERMISSION_DENIED' }
