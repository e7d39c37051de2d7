import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import {
  type Exchange,
  type HttpRoute,
  type Reply,
  readBody,
  readJsonObject,
  readMultipart,
  type SocketRoute,
} from '../core/http.ts'
import type { Log } from '../core/log.ts'
import type { Module } from '../core/module.ts'
import { type AdminDeps, createAdmin, type HandleAdmin } from './admin.ts'
import { createHttpServer } from './server.ts'

export type { AdminActions, AdminAnswer, AdminCaller, AdminRequest, HandleAdmin } from './admin.ts'

export interface Gateway extends Module {
  /** `http://127.0.0.1:<port>`, once started. */
  readonly url: string
  readonly handleAdmin: HandleAdmin
}

export interface GatewayDeps extends Omit<AdminDeps, 'log'> {
  log: Log
  /** 0 takes a free port. */
  port: number
  /** Answers everything below /control. */
  control(call: {
    method: string
    path: string
    query: URLSearchParams
    body(): Promise<unknown>
    text(): Promise<string>
  }): Promise<Reply>
  /** Uploads and downloads of files. */
  serveFile(request: IncomingMessage, response: ServerResponse, url: URL): Promise<unknown>
  /** What other modules serve by HTTP and WebSocket. */
  routes: HttpRoute[]
  sockets: SocketRoute[]
}

/** `request_data` of a 6 MB event is escaped text, which at worst doubles. */
const MAX_ADMIN_BYTES = 20 * 1024 * 1024
/** A snapshot of everything is the largest body. */
const MAX_CONTROL_BYTES = 512 * 1024 * 1024

export function createGateway(deps: GatewayDeps): Gateway {
  const handleAdmin = createAdmin(deps)
  const routes: HttpRoute[] = [
    { method: 'POST', path: /^\/admin$/, handle: (exchange) => admin(handleAdmin, exchange) },
    { method: '*', path: /^\/control\//, handle: (exchange) => control(deps, exchange) },
    { method: '*', path: /^\/storage\//, handle: (exchange) => file(deps, exchange) },
    ...deps.routes,
  ]
  let server: Server | undefined
  let url = ''
  return {
    name: 'gateway',
    handleAdmin,
    get url() {
      return url
    },
    async start() {
      const listening = createHttpServer(routes, deps.sockets, deps.log)
      server = listening
      await new Promise<void>((resolve, reject) => {
        listening.once('error', reject)
        listening.listen(deps.port, '127.0.0.1', resolve)
      })
      const address = listening.address()
      if (typeof address === 'object' && address) url = `http://127.0.0.1:${address.port}`
    },
    async stop() {
      const closing = server
      if (!closing) return
      await new Promise((resolve) => {
        closing.close(resolve)
        closing.closeAllConnections()
      })
    },
  }
}

async function admin(handleAdmin: HandleAdmin, { request }: Exchange): Promise<Reply> {
  const isMultipart = request.headers['content-type']?.startsWith('multipart/form-data') ?? false
  const { text: fields, binary } = isMultipart
    ? await readMultipart(request, MAX_ADMIN_BYTES)
    : { text: await readJsonObject(request, MAX_ADMIN_BYTES), binary: {} }
  const header = request.headers['x-tcb-source']
  const source = typeof header === 'string' ? header.split(',').slice(0, -1).join(',') : ''
  return handleAdmin({ fields, binary, source })
}

async function control(deps: GatewayDeps, { request, url }: Exchange): Promise<Reply> {
  return deps.control({
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    body: () => readJsonObject(request, MAX_CONTROL_BYTES),
    text: async () => (await readBody(request, MAX_CONTROL_BYTES)).toString(),
  })
}

async function file(deps: GatewayDeps, { request, response, url }: Exchange): Promise<undefined> {
  await deps.serveFile(request, response, url)
  return undefined
}
