/** Realtime: the server side of `watch`, over WebSocket, for the web SDK and for mini program clients. */
import { type WebSocket, WebSocketServer } from 'ws'
import { HttpRefusal, type SocketRoute } from '../core/http.ts'
import type { Client } from '../core/identity.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Module } from '../core/module.ts'
import { Connection, type ConnectionDeps } from './connection.ts'
import type { WatchedDatabase } from './documents.ts'
import type { LogBounds } from './event-log.ts'
import { keepAlive } from './keep-alive.ts'
import type { Authorize } from './permission.ts'
import { createWatches } from './watches.ts'
import type { LoginInfo } from './wire.ts'

export type { WatchedDatabase } from './documents.ts'
export type { LoginInfo } from './wire.ts'

export interface Realtime extends Module {
  readonly sockets: SocketRoute[]
  /** After the whole database was replaced: clients hear of everything that is different now. */
  refresh(): void
  /** After the rules changed: watches that they no longer allow end, the others go on. */
  reauthorize(): void
  /** After logins ended: so do the watches of those for whom `isOver` holds. */
  endLogins(isOver: (login: LoginInfo) => boolean): void
}

export interface RealtimeDeps {
  database: WatchedDatabase
  envId: string
  ids: Ids
  log: Log
  authorize: Authorize
  /** A mini program's user of this name; undefined when it cannot be a name. */
  clientOfUser(userName: string): Client | undefined
  /** Whose login a web page shows; undefined when it is not valid. */
  clientOfToken(login: LoginInfo): Promise<Client | undefined>
  bounds?: Partial<RealtimeBounds>
}

export interface RealtimeBounds {
  /** Events kept of each live query, for clients that come back. */
  log: LogBounds
  /** How long, in real time, a watch is kept without a connection: the client gives up after about a minute. */
  keepMs: number
  /** What may wait to be sent over one connection. */
  maxWaitingBytes: number
}

/** The path of the web SDK; the answer to `auth.wsWebSign` sends it there. */
const WEB_SOCKET_PATH = '/web/ws'
const CLIENT_SOCKET_PATH = '/client/watch'

const defaultBounds: RealtimeBounds = {
  log: { maxEntries: 1_000, maxBytes: 8 * 1024 * 1024 },
  keepMs: 120_000,
  maxWaitingBytes: 1024 * 1024,
}

/** A query is far smaller. */
const MAX_MESSAGE_BYTES = 1024 * 1024
/** The client's code for "no authentication": it ends all its watches and does not come back (`realtime/ws-event.ts`). */
const NO_AUTHENTICATION = 3050
const GOING_AWAY = 1001
/** How long clients have to close their side, before their sockets are cut. */
const GOODBYE_MS = 200

export function createRealtime(deps: RealtimeDeps): Realtime {
  const { database, envId, ids, log, authorize } = deps
  const bounds = { ...defaultBounds, ...deps.bounds }
  const watches = createWatches({ database, log, logBounds: bounds.log, keepMs: bounds.keepMs })
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES })
  const stopKeepingAlive = keepAlive(server)
  const connections = new Set<Connection>()
  let isStopping = false

  function route(path: string, accept: (socket: WebSocket, url: URL) => void): SocketRoute {
    return {
      path: new RegExp(`^${path}$`),
      handle({ request, socket, head, url }) {
        if (isStopping) throw new HttpRefusal(503, 'STOPPING', 'the local cloud is stopping')
        server.handleUpgrade(request, socket, head, (webSocket) => {
          server.emit('connection', webSocket, request)
          accept(webSocket, url)
        })
      },
    }
  }

  function connect(socket: WebSocket, login: ConnectionDeps['login']): void {
    const { maxWaitingBytes } = bounds
    const connection = new Connection(socket, { envId, ids, log, watches, authorize, login, maxWaitingBytes })
    connections.add(connection)
    socket.on('close', () => connections.delete(connection))
  }

  return {
    name: 'realtime',
    sockets: [
      route(WEB_SOCKET_PATH, (socket) => connect(socket, deps.clientOfToken)),
      route(CLIENT_SOCKET_PATH, (socket, url) => {
        const name = url.searchParams.get('user') ?? ''
        const client = deps.clientOfUser(name)
        // Refusing the connection itself would make the client try again for a minute.
        if (!client) socket.close(NO_AUTHENTICATION, 'query parameter user must name a user')
        else connect(socket, async () => client)
      }),
    ],
    refresh: () => watches.refresh(),
    reauthorize() {
      for (const connection of connections) connection.reauthorize()
    },
    endLogins(isOver) {
      for (const connection of connections) connection.endLogin(isOver)
    },
    async start() {},
    async stop() {
      isStopping = true
      watches.stop()
      stopKeepingAlive()
      await Promise.all([...server.clients].map(sayGoodbye))
      server.close()
    },
  }
}

async function sayGoodbye(socket: WebSocket): Promise<void> {
  if (socket.readyState === socket.CLOSED) return
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.close(GOING_AWAY, 'the local cloud is stopping')
  const cut = setTimeout(() => socket.terminate(), GOODBYE_MS)
  await closed
  clearTimeout(cut)
}
