import type { IncomingMessage } from 'node:http'
import { WireError } from '../core/errors.ts'
import { HttpRefusal, JSON_TYPE, jsonReply, type Reply, readJsonObject } from '../core/http.ts'
import type { Client, Identity } from '../core/identity.ts'
import { type OpenData, withOpenData } from './cloud-ids.ts'
import { type IdentityOf, identify } from './user.ts'

export interface FunctionsDeps {
  identityOf: IdentityOf
  callFunction(call: {
    functionName: string
    event: Record<string, unknown>
    identity: Identity
  }): Promise<ClientResult>
  /** Throws WireError when the function's rule refuses this client. */
  assertMayInvoke(functionName: string, client: Client): void
  openData: OpenData
}

export type ClientResult =
  | { ok: true; json: string | undefined; requestId: string }
  | { ok: false; errCode: number; errMsg: string; requestId: string }

/** An event has 6 MB at most; what is a little larger gets the platform's error, not this one. */
const MAX_BODY_BYTES = 7 * 1024 * 1024

/** `POST /client/functions/<name>`: what `wx.cloud.callFunction` does in a mini program. */
export async function clientFunction(
  deps: FunctionsDeps,
  functionName: string,
  request: IncomingMessage,
): Promise<Reply> {
  const read = await readCall(deps, functionName, request)
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
/** WeChat's number for what a client may not call (wx-server-sdk `error.config`). */
const PERMISSION_DENIED = -601004

async function readCall(
  deps: FunctionsDeps,
  functionName: string,
  request: IncomingMessage,
): Promise<{ identity: Identity; event: Record<string, unknown> } | { refused: Reply }> {
  try {
    const event = await readJsonObject(request, MAX_BODY_BYTES)
    const identity = identify(deps.identityOf, request)
    deps.assertMayInvoke(functionName, identity)
    return { identity, event: withOpenData(deps.openData, event, identity, request) }
  } catch (error) {
    if (error instanceof WireError) {
      const { code, message } = error
      const errMsg = `cloud.callFunction:fail ${PERMISSION_DENIED} api permission denied. ${message}`
      return { refused: jsonReply({ errCode: PERMISSION_DENIED, errMsg, code, message }) }
    }
    if (!(error instanceof HttpRefusal) || error.status !== 400) throw error
    const { code, message, status } = error
    const errMsg = `cloud.callFunction:fail ${message}`
    return { refused: jsonReply({ errCode: BAD_PARAMETERS, errMsg, code, message }, status) }
  }
}
