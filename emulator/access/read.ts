/** get and count: the query is narrowed by the rules, the reply by the client's limits. */
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import { collectionOf, type DatabaseAction, type DatabaseDeps } from './action.ts'
import { parseQuery, stringifyEjson } from './ejson.ts'

/** `limit` of a mini program: 20 by default and at most (lib.wx.cloud.d.ts); a web page has the server's limits. */
const MINI_PROGRAM_LIMIT = 20
/** Of a reply to a mini program (wx-server-sdk `error.config`: -602001). */
const MAX_RESULT_BYTES = 1024 * 1024

export const getDocument: DatabaseAction = async (deps, body, client) => {
  const query = await readable(deps, body, client)
  const { collectionName, queryType, order, projection, offset, limit } = body
  const limited = { collectionName, queryType, order, projection, offset, limit: limitOf(limit, client) }
  const reply = await deps.database.handle('database.getDocument', { ...limited, query }, {})
  assertResultSize(reply, client)
  return reply
}

export const calculateDocument: DatabaseAction = async (deps, body, client) => {
  const query = await readable(deps, body, client)
  return deps.database.handle(
    'database.calculateDocument',
    { collectionName: body.collectionName, query },
    {},
  )
}

/** @throws WireError when a mini program would get more than it can take. */
export function assertResultSize(reply: Record<string, unknown>, client: Client): void {
  if (!isMiniProgram(client)) return
  if (Buffer.byteLength(JSON.stringify(reply)) > MAX_RESULT_BYTES) {
    throw new WireError(
      'WX_DATABASE_QUERY_SIZE_EXCEED_LIMIT',
      'database query result size exceed limit (1MB)',
    )
  }
}

async function readable(deps: DatabaseDeps, body: Record<string, unknown>, client: Client): Promise<string> {
  const query = parseQuery(body.query, deps.nowMs())
  return stringifyEjson(await deps.rules.read(collectionOf(body), query, client))
}

function limitOf(limit: unknown, client: Client): unknown {
  if (!isMiniProgram(client)) return limit
  if (limit === undefined || limit === 0) return MINI_PROGRAM_LIMIT
  return typeof limit === 'number' ? Math.min(limit, MINI_PROGRAM_LIMIT) : limit
}

function isMiniProgram(client: Client): boolean {
  return client.loginType === undefined
}
