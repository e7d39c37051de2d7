/** Database and storage as a mini program's user: `{ action, … }` in, the reply of the admin wire out. */
import type { IncomingMessage } from 'node:http'
import { WireError } from '../core/errors.ts'
import { jsonReply, type Reply, readJsonObject } from '../core/http.ts'
import type { Client } from '../core/identity.ts'
import type { Ids } from '../core/ids.ts'
import { type IdentityOf, identify } from './user.ts'

type ClientAction = (
  action: string,
  body: Record<string, unknown>,
  client: Client,
) => Promise<Record<string, unknown>>

export interface ServicesDeps {
  ids: Ids
  identityOf: IdentityOf
  access: {
    database: ClientAction
    storage: ClientAction
  }
}

/** One document has 512 kB at most, and `add` may bring several. */
const MAX_BODY_BYTES = 20 * 1024 * 1024

/** `POST /client/database` and `/client/storage`. */
export async function clientAction(
  deps: ServicesDeps,
  service: 'database' | 'storage',
  request: IncomingMessage,
): Promise<Reply> {
  const { action, ...body } = await readJsonObject(request, MAX_BODY_BYTES)
  const identity = identify(deps.identityOf, request)
  return answer(deps, async () => {
    if (typeof action !== 'string' || !action.startsWith(`${service}.`))
      throw new WireError('INVALID_PARAM', `action must be one of ${service}.*`)
    return deps.access[service](action, body, identity)
  })
}

async function answer({ ids }: ServicesDeps, work: () => Promise<Record<string, unknown>>): Promise<Reply> {
  const requestId = ids.requestId()
  try {
    return jsonReply({ requestId, ...(await work()) })
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return jsonReply({ code: error.code, message: error.message, requestId })
  }
}
