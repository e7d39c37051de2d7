/** HTTP access: `/http/<function>/…` reaches event functions and HTTP functions, `/client/http-function` the latter. */

import type { BilledRun } from '../core/cost.ts'
import { WireError } from '../core/errors.ts'
import {
  type Exchange,
  HttpRefusal,
  type HttpRoute,
  type Reply,
  readBody,
  type SocketRoute,
} from '../core/http.ts'
import type { Identity } from '../core/identity.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Metering } from '../core/metering.ts'
import type { Module } from '../core/module.ts'
import { createHttpFunctions, type HttpFunction } from './http-function.ts'
import { proxy } from './proxy.ts'
import { type Failed, refusalOf, refuse } from './refusals.ts'
import { integrationRequest, withoutIdentity } from './request.ts'
import { BadResponse, toReply } from './response.ts'
import { tunnel } from './tunnel.ts'

export interface HttpAccess extends Module {
  routes: HttpRoute[]
  sockets: SocketRoute[]
}

export interface HttpAccessDeps {
  /** Runs an event function without a user. */
  invoke(
    functionName: string,
    event: object,
  ): Promise<{ ok: true; value: unknown } | ({ ok: false } & Failed)>
  /** A function that is a web server; undefined when there is none of that name, or it is not one. */
  findHttpFunction(name: string): HttpFunction | undefined
  metering: Metering
  onRun(run: BilledRun): void
  identityOf(userName: string): Identity | undefined
  envId: string
  ids: Ids
  log: Log
  /** Of a request to an event function. */
  maxBodyBytes(): number
}

export function createHttpAccess(deps: HttpAccessDeps): HttpAccess {
  const { ids, log } = deps
  const servers = createHttpFunctions(log)

  async function open({ request, response, url, params: [name = ''] }: Exchange): Promise<Reply | undefined> {
    const path = pathBehind(url, '/http/')
    const httpFunction = deps.findHttpFunction(name)
    if (httpFunction) {
      const headers = withoutIdentity(request.headers)
      return forward(httpFunction, { request, response, path: path + url.search, headers })
    }
    const requestId = ids.requestId()
    const body = await readBodyWithin(request, deps.maxBodyBytes(), requestId)
    if (!Buffer.isBuffer(body)) return body
    const event = integrationRequest({
      request,
      path,
      query: url.searchParams,
      body,
      requestId,
      envId: deps.envId,
    })
    const result = await deps.invoke(name, event)
    if (!result.ok) return refusalOf(result)
    try {
      return toReply(result.value)
    } catch (error) {
      if (!(error instanceof BadResponse)) throw error
      return refuse(
        500,
        'FUNCTION_INVOCATION_FAILED',
        `not an integration response: ${error.message}`,
        requestId,
      )
    }
  }

  /** `wx.cloud.callHTTPFunction`: the cloud adds who the user is. */
  async function call({ request, response, url, params: [name = ''] }: Exchange): Promise<Reply | undefined> {
    const user = request.headers['x-emulator-user']
    const identity = typeof user === 'string' ? deps.identityOf(user) : undefined
    if (!identity)
      throw new HttpRefusal(
        400,
        'USER_REQUIRED',
        'header x-emulator-user must name a user, for example buyer1',
      )
    const httpFunction = deps.findHttpFunction(name)
    if (!httpFunction)
      return refuse(404, 'INVALID_PATH', `there is no HTTP function ${name}`, ids.requestId())
    const headers = {
      ...withoutIdentity(request.headers),
      'x-wx-openid': identity.openid ?? '',
      'x-wx-appid': identity.appid,
      'x-wx-env': deps.envId,
      'x-wx-source': 'wx_client',
      ...(identity.unionid === undefined ? {} : { 'x-wx-unionid': identity.unionid }),
    }
    const path = pathBehind(url, '/client/http-function/') + url.search
    return forward(httpFunction, { request, response, path, headers })
  }

  async function metered(httpFunction: HttpFunction, work: () => Promise<void>): Promise<void> {
    const { name, memoryMb } = httpFunction
    const startedMs = performance.now()
    try {
      await deps.metering({
        billed: { service: 'functions', operation: 'functions.http' },
        faultOperation: name,
        work,
        crash: () => servers.kill(name),
      })
    } finally {
      deps.onRun({ functionName: name, memoryMb, billedMs: Math.ceil(performance.now() - startedMs) })
    }
  }

  async function forward(
    httpFunction: HttpFunction,
    exchange: Omit<Parameters<typeof proxy>[0], 'port' | 'timeoutMs'>,
  ): Promise<Reply | undefined> {
    try {
      await metered(httpFunction, async () => {
        const port = await servers.portOf(httpFunction)
        await proxy({ ...exchange, port, timeoutMs: httpFunction.timeoutMs })
      })
      return undefined
    } catch (error) {
      if (exchange.response.headersSent) throw error
      const requestId = ids.requestId()
      if (error instanceof WireError) return refusalOf({ ...error, message: error.message, requestId })
      const message = error instanceof Error ? error.message : String(error)
      log.error('functions', `${httpFunction.name}: ${message}`, { function: httpFunction.name })
      return refuse(502, 'BAD_GATEWAY', message, requestId)
    }
  }

  /** A WebSocket to an HTTP function: billed as one request. */
  const upgrade: SocketRoute['handle'] = ({ request, socket, head, url }) => {
    const name = HTTP_PATH.exec(url.pathname)?.[1] ?? ''
    const httpFunction = deps.findHttpFunction(name)
    if (!httpFunction) throw new HttpRefusal(404, 'INVALID_PATH', `there is no HTTP function ${name}`)
    const path = pathBehind(url, '/http/') + url.search
    metered(httpFunction, async () => {
      const port = await servers.portOf(httpFunction)
      tunnel({ request, socket, head, port, path })
    }).catch((error: unknown) => {
      log.error('functions', `${name}: ${error}`, { function: name })
      socket.destroy()
    })
  }

  return {
    name: 'http-access',
    sockets: [{ path: HTTP_PATH, handle: upgrade }],
    async start() {},
    stop: () => servers.stop(),
    routes: [
      { method: '*', path: HTTP_PATH, handle: open },
      { method: '*', path: /^\/client\/http-function\/([^/]+)(?:\/.*)?$/, handle: call },
    ],
  }
}

const HTTP_PATH = /^\/http\/([^/]+)(?:\/.*)?$/

/** Not decoded: what the client wrote is what the function gets. */
function pathBehind(url: URL, prefix: string): string {
  const slash = url.pathname.indexOf('/', prefix.length)
  return slash < 0 ? '/' : url.pathname.slice(slash)
}

async function readBodyWithin(
  request: Exchange['request'],
  maxBytes: number,
  requestId: string,
): Promise<Buffer | Reply> {
  try {
    return await readBody(request, maxBytes)
  } catch (error) {
    if (!(error instanceof HttpRefusal) || error.status !== 413) throw error
    const reply = refuse(413, 'EXCEED_MAX_PAYLOAD_SIZE', error.message, requestId)
    // What was not read must not be taken for the next request.
    return { ...reply, headers: { connection: 'close' } }
  }
}
