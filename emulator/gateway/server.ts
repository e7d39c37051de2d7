import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { HttpRefusal, type HttpRoute, jsonReply, type SocketRoute, send } from '../core/http.ts'
import type { Log } from '../core/log.ts'
import { ReplyLost } from '../core/metering.ts'
import { assertServed, isProxied, refuseTunnels } from './proxied.ts'

/** The one HTTP server: for this machine only, and only for pages that this machine served. */
export function createHttpServer(routes: HttpRoute[], sockets: SocketRoute[], log: Log): Server {
  const server = createServer((request, response) => {
    answer(routes, request, response).catch((error: unknown) => {
      if (response.headersSent || error instanceof ReplyLost) return void response.destroy()
      if (!(error instanceof HttpRefusal))
        log.error('gateway', `${request.method} ${request.url}: ${stackOf(error)}`)
      const refusal =
        error instanceof HttpRefusal
          ? error
          : new HttpRefusal(500, 'SYS_ERR', 'internal error of the local cloud; see its log')
      // The rest of a body that was not read must not be taken for the next request.
      if (!request.complete) response.setHeader('connection', 'close')
      send(response, jsonReply({ code: refusal.code, message: refusal.message }, refusal.status))
    })
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    try {
      upgrade(sockets, request, socket, head)
    } catch (error) {
      if (!(error instanceof HttpRefusal))
        log.error('gateway', `upgrade of ${request.url}: ${stackOf(error)}`)
      const status = error instanceof HttpRefusal ? error.status : 500
      socket.end(
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
      )
    }
  })
  refuseTunnels(server)
  // Longer than the 4.8 s for which the SDK keeps an idle socket: it does not retry on one that we closed.
  server.keepAliveTimeout = 15_000
  server.headersTimeout = 20_000
  server.requestTimeout = 120_000
  return server
}

async function answer(
  routes: HttpRoute[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  assertFromThisMachine(request)
  allowLocalPages(request, response)
  if (isPreflight(request)) return void response.writeHead(204).end()
  const url = addressOf(request)
  let isKnownPath = false
  for (const route of routes) {
    const match = route.path.exec(url.pathname)
    if (!match) continue
    isKnownPath = true
    if (route.method !== '*' && route.method !== request.method) continue
    const reply = await route.handle({ request, response, url, params: match.slice(1).map(decoded) })
    if (reply) send(response, reply)
    return
  }
  if (isKnownPath)
    throw new HttpRefusal(405, 'METHOD_NOT_ALLOWED', `${request.method} is not offered at ${url.pathname}`)
  throw new HttpRefusal(404, 'NOT_FOUND', `there is nothing at ${url.pathname}; see /control/openapi.json`)
}

function upgrade(sockets: SocketRoute[], request: IncomingMessage, socket: Duplex, head: Buffer): void {
  assertFromThisMachine(request)
  const url = addressOf(request)
  const route = sockets.find(({ path }) => path.test(url.pathname))
  if (!route) throw new HttpRefusal(404, 'NOT_FOUND', `there is no WebSocket at ${url.pathname}`)
  route.handle({ request, socket, head, url })
}

/** Where WeChat DevTools' simulator says its mini programs come from. Browsers let no other page say so. */
const MINI_PROGRAM_ORIGIN = 'https://servicewechat.com'

/** A page from elsewhere can reach loopback through the browser, by its own name or by rebinding DNS. */
function assertFromThisMachine(request: IncomingMessage): void {
  const { headers } = request
  if (isProxied(request)) assertServed(addressOf(request))
  else if (!isLoopback(`http://${headers.host ?? ''}`)) {
    throw new HttpRefusal(403, 'FOREIGN_HOST', 'the local cloud answers to 127.0.0.1 and localhost only')
  }
  if (headers.origin !== undefined && !isLoopback(headers.origin) && headers.origin !== MINI_PROGRAM_ORIGIN) {
    throw new HttpRefusal(
      403,
      'FOREIGN_ORIGIN',
      'the local cloud answers only pages served from this machine',
    )
  }
}

function isLoopback(origin: string): boolean {
  const hostname = URL.canParse(origin) ? new URL(origin).hostname : ''
  return ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}

function allowLocalPages({ headers }: IncomingMessage, response: ServerResponse): void {
  if (headers.origin === undefined) return
  response.setHeader('access-control-allow-origin', headers.origin)
  response.setHeader('access-control-allow-headers', headers['access-control-request-headers'] ?? '*')
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE, HEAD')
  response.setHeader('vary', 'origin')
}

/** A browser's own question; any other OPTIONS is a request like the rest, which HTTP access hands to functions. */
function isPreflight({ method, headers }: IncomingMessage): boolean {
  const asked = headers['access-control-request-method'] ?? headers['access-control-request-headers']
  return method === 'OPTIONS' && asked !== undefined
}

function addressOf({ url = '/' }: IncomingMessage): URL {
  if (!URL.canParse(url, 'http://localhost'))
    throw new HttpRefusal(400, 'INVALID_URL', 'the address cannot be read')
  return new URL(url, 'http://localhost')
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new HttpRefusal(400, 'INVALID_URL', 'the address cannot be read')
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
