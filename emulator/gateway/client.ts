import type { IncomingMessage } from 'node:http'
import { HttpRefusal, JSON_TYPE, jsonReply, type Reply, readJsonObject } from '../core/http.ts'
import type { Identity } from '../core/identity.ts'

export interface ClientDeps {
  /** The user of this name, made on first use; undefined when it cannot be a name. */
  identityOf(userName: string): Identity | undefined
  callFunction(call: {
    functionName: string
    event: Record<string, unknown>
    identity: Identity
  }): Promise<ClientResult>
}

export type ClientResult =
  | { ok: true; json: string | undefined; requestId: string }
  | { ok: false; errCode: number; errMsg: string; requestId: string }

/** An event has 6 MB at most; what is a little larger gets the platform's error, not this one. */
const MAX_BODY_BYTES = 7 * 1024 * 1024

/** `POST /client/functions/<name>`: what `wx.cloud.callFunction` does in a mini program. */
export async function clientFunction(
  deps: ClientDeps,
  functionName: string,
  request: IncomingMessage,
): Promise<Reply> {
  const read = await readCall(deps, request)
  if ('refused' in read) return read.refused
  const { identity, event } = read
  const result = await deps.callFunction({ functionName, event, identity })
  if (!result.ok)
    return jsonReply({ errCode: result.errCode, errMsg: result.errMsg, requestID: result.requestId })
  const rest = JSON.stringify({ requestID: result.requestId, errMsg: 'cloud.callFunction:ok' })
  return { contentType: JSON_TYPE, body: `{"result":${result.json ?? 'null'},${rest.slice(1)}` }
}

/** What a base library would refuse by itself (-401002 is its code for bad parameters), told in its words. */
const BAD_PARAMETERS = -401002

async function readCall(
  deps: ClientDeps,
  request: IncomingMessage,
): Promise<{ identity: Identity; event: Record<string, unknown> } | { refused: Reply }> {
  try {
    const event = await readJsonObject(request, MAX_BODY_BYTES)
    return { identity: identify(deps, request), event }
  } catch (error) {
    if (!(error instanceof HttpRefusal) || error.status !== 400) throw error
    const { code, message, status } = error
    const errMsg = `cloud.callFunction:fail ${message}`
    return { refused: jsonReply({ errCode: BAD_PARAMETERS, errMsg, code, message }, status) }
  }
}

function identify(deps: ClientDeps, request: IncomingMessage): Identity {
  const header = request.headers['x-emulator-user']
  if (typeof header !== 'string' || header === '') {
    throw new HttpRefusal(400, 'USER_REQUIRED', 'header x-emulator-user must name a user, for example buyer1')
  }
  const identity = deps.identityOf(header)
  if (!identity) {
    throw new HttpRefusal(400, 'INVALID_USER', 'a user name has 1 to 64 letters, digits, "_", "-" or "."')
  }
  return identity
}
