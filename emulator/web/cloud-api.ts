/** `POST /web`: the action protocol (`endPointMode: 'CLOUD_API'`), and the way to `watch` in both modes. */
import type { IncomingMessage } from 'node:http'
import * as z from 'zod'
import { notEmulated, WireError } from '../core/errors.ts'
import { HttpRefusal, type HttpRoute, jsonReply, readJsonObject } from '../core/http.ts'
import { type Callers, clientIpOf } from './callers.ts'
import type { Fields, WebDeps } from './deps.ts'
import { parseJson, read } from './read.ts'

interface ActionCall {
  deps: WebDeps
  callers: Callers
  request: IncomingMessage
  action: string
  body: Fields
  token: string | undefined
}

const MAX_BODY_BYTES = 20 * 1024 * 1024

/** Business errors have HTTP 200 here: the SDK looks only at `code`. */
export function cloudApiRoute(deps: WebDeps, callers: Callers): HttpRoute {
  return {
    method: 'POST',
    path: /^\/web$/,
    async handle({ request }) {
      const requestId = deps.ids.requestId()
      try {
        const { action, access_token, ...body } = await readJsonObject(request, MAX_BODY_BYTES)
        if (typeof action !== 'string' || action === '')
          throw new WireError('INVALID_PARAM', 'action is required')
        const token = typeof access_token === 'string' ? access_token : undefined
        const answer = await answerOf({ deps, callers, request, action, body, token })
        return jsonReply({ requestId, ...answer })
      } catch (error) {
        if (!(error instanceof WireError || (error instanceof HttpRefusal && error.status === 400)))
          throw error
        return jsonReply({ code: error.code, message: error.message, requestId })
      }
    },
  }
}

function answerOf(call: ActionCall): Promise<Fields> {
  const { action } = call
  if (action === 'functions.invokeFunction') return invokeFunction(call)
  if (action === 'auth.wsWebSign') return signForWatch(call)
  if (action.startsWith('storage.')) return storage(call)
  if (action.startsWith('database.')) return database(call)
  throw notEmulated(action)
}

const invokeSchema = z.object({
  function_name: z.string().min(1),
  request_data: z.string().default(''),
  /** The SDK's `callFunction({ parse: true })` takes the result as it is. */
  parse: z.boolean().default(false),
})

async function invokeFunction({ deps, callers, request, token, body }: ActionCall): Promise<Fields> {
  const { function_name: functionName, request_data: text, parse } = read(invokeSchema, body)
  const caller = callers.find(token, request)
  deps.access.assertMayInvoke(functionName, caller?.client)
  const clientIp = clientIpOf(request)
  const event = text === '' ? {} : parseJson(text, 'request_data')
  const result = await deps.invoke({ functionName, event, user: caller?.user, clientIp })
  if (!result.ok) throw new WireError(result.code, result.message)
  const json = result.json ?? 'null'
  return { requestId: result.requestId, data: { response_data: parse ? JSON.parse(json) : json } }
}

/** A signature that opens the socket: the realtime side asks `clientOfLogin` whose it is. */
async function signForWatch({ deps, callers, request, token }: ActionCall): Promise<Fields> {
  callers.get(token, request)
  const wsUrl = `${deps.baseUrl().replace(/^http/, 'ws')}/web/ws`
  return { data: { signStr: token, wsUrl, secretVersion: 1, envId: deps.envId } }
}

async function storage({ deps, callers, request, token, action, body }: ActionCall): Promise<Fields> {
  return deps.access.storage(action, body, callers.get(token, request).client)
}

async function database({ deps, callers, request, token, action, body }: ActionCall): Promise<Fields> {
  const { client } = callers.get(token, request)
  const current = deps.toCurrent(action, body)
  return current.reply(await deps.access.database(current.action, current.body, client))
}
