/** One socket: who speaks, what it asks for, and the watches that it carries. */
import { isDeepStrictEqual } from 'node:util'
import type { RawData, WebSocket } from 'ws'
import { WireError } from '../core/errors.ts'
import type { Client } from '../core/identity.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import { type Authorize, type Judge, openPermitted, type Permitted } from './permission.ts'
import { decodeQueryId, encodeQueryId, type WatchRequest } from './query-id.ts'
import { type Outlet, Watch } from './watch.ts'
import type { Watches } from './watches.ts'
import {
  type Address,
  errorFrame,
  eventsFrame,
  frame,
  type LoginInfo,
  type Message,
  parseMessage,
  readInitWatch,
  readLastEvent,
  readLogin,
} from './wire.ts'

export interface ConnectionDeps {
  envId: string
  ids: Ids
  log: Log
  watches: Watches
  authorize: Authorize
  /** Who logs in; undefined refuses the login. */
  login(info: LoginInfo): Promise<Client | undefined>
  /** What may wait to be sent before nothing more is added. */
  maxWaitingBytes: number
}

/** Requests of one client that wait for their turn; a client waits for the answer to most of them. */
const MAX_WAITING_REQUESTS = 1_000
/** "Try again later" (RFC 6455 registry): the client connects anew and rebuilds its watches. */
const TRY_AGAIN_LATER = 1013
const POLICY_VIOLATION = 1008
const UNSUPPORTED_DATA = 1003

export class Connection implements Outlet {
  private client?: Client
  private loginInfo?: LoginInfo
  private readonly watches = new Map<string, Watch>()
  private isOver = false
  private waitingRequests = 0
  private turn: Promise<void> = Promise.resolve()
  private wasCongested = false

  constructor(
    private readonly socket: WebSocket,
    private readonly deps: ConnectionDeps,
  ) {
    socket.on('message', (data, isBinary) => this.receive(data, isBinary))
    socket.on('close', () => this.end())
    // What is wrong with a socket ends it, and `close` follows.
    socket.on('error', (error) => deps.log.debug('realtime', `a client's socket failed: ${error.message}`))
  }

  get isCongested(): boolean {
    return this.isOver || this.socket.bufferedAmount > this.deps.maxWaitingBytes
  }

  send(text: string): void {
    if (this.isOver) return
    this.socket.send(text, () => this.sent())
    this.wasCongested ||= this.isCongested
  }

  fallBehind(): void {
    this.deps.log.info('realtime', 'a client is too slow: it is to connect again')
    this.close(TRY_AGAIN_LATER, 'too slow')
  }

  refuse(watch: Watch, error: unknown): void {
    for (const [watchId, own] of this.watches) if (own === watch) this.endWatch(watchId, watch, error)
  }

  /** After the rules changed: nothing more is told until each watch has been permitted anew. */
  reauthorize(): void {
    for (const watch of this.watches.values()) watch.detach(this)
    this.turn = this.turn.then(async () => {
      for (const [watchId, watch] of [...this.watches]) await this.permitAnew(watchId, watch)
    })
  }

  /** Ends what is watched by a login that is over. */
  endLogin(isOver: (login: LoginInfo) => boolean): void {
    if (!this.loginInfo || !isOver(this.loginInfo)) return
    this.client = undefined
    this.endWatches()
  }

  /** Once half of what waited is gone, watches go on. */
  private sent(): void {
    if (!this.wasCongested || this.socket.bufferedAmount > this.deps.maxWaitingBytes / 2) return
    this.wasCongested = false
    for (const watch of this.watches.values()) watch.work()
  }

  private close(code: number, reason: string): void {
    this.end()
    this.socket.close(code, reason)
  }

  private end(): void {
    if (this.isOver) return
    this.isOver = true
    for (const watch of this.watches.values()) watch.detach(this)
    this.watches.clear()
  }

  private receive(data: RawData, isBinary: boolean): void {
    if (this.isOver) return
    if (isBinary) return void this.close(UNSUPPORTED_DATA, 'messages are text')
    if (this.waitingRequests >= MAX_WAITING_REQUESTS) {
      return void this.close(POLICY_VIOLATION, 'too many requests at once')
    }
    this.waitingRequests += 1
    // One after the other: a watch must not be closed before it was opened.
    this.turn = this.turn.then(async () => {
      await this.answer(String(data))
      this.waitingRequests -= 1
    })
  }

  private async answer(text: string): Promise<void> {
    let message: Message | undefined
    try {
      message = parseMessage(text)
      await this.handle(message)
    } catch (error) {
      this.noteFailure(String(message?.msgType), error)
      this.send(errorFrame({ requestId: message?.requestId ?? '', watchId: message?.watchId }, error))
    }
  }

  /** What is no refusal is a fault of ours. */
  private noteFailure(what: string, error: unknown): void {
    if (error instanceof WireError) return
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.deps.log.error('realtime', `${what}: ${cause}`)
  }

  private async handle(message: Message): Promise<void> {
    switch (message.msgType) {
      case 'PING':
        return this.send(frame(message, 'PONG', null))
      case 'LOGIN':
        return this.login(message)
      case 'INIT_WATCH':
        return this.initWatch(message)
      case 'REBUILD_WATCH':
        return this.rebuildWatch(message)
      case 'CHECK_LAST':
        return this.checkLast(message)
      case 'CLOSE_WATCH':
        return this.closeWatch(message)
      default:
        throw new WireError('INVALID_PARAM', `unknown msgType ${message.msgType.slice(0, 40)}`)
    }
  }

  private async login(message: Message): Promise<void> {
    const info = readLogin(message)
    const client = await this.deps.login(info)
    if (this.client && !isDeepStrictEqual(client, this.client)) this.endWatches()
    this.client = client
    this.loginInfo = info
    const { envId } = this.deps
    const refusal = { code: 'CHECK_LOGIN_FAILED', message: 'the login is not valid, or is over' }
    this.send(frame(message, 'LOGIN_RES', client ? { envId } : refusal))
  }

  /** What one user watches is not for the next. */
  private endWatches(): void {
    for (const [watchId, watch] of this.watches) this.endWatch(watchId, watch, notLoggedIn())
  }

  private endWatch(watchId: string, watch: Watch, error: unknown): void {
    this.noteFailure('a watch has ended', error)
    this.watches.delete(watchId)
    this.deps.watches.remove(watch)
    this.send(errorFrame({ requestId: '', watchId }, error))
  }

  private async permitAnew(watchId: string, watch: Watch): Promise<void> {
    const { queryId, currEvent } = watch
    const request = decodeQueryId(queryId)
    if (!request) return
    try {
      const { live, judge } = await this.permitted(request)
      if (live === watch.live) return watch.attach(this, watchId, judge)
      const anew = new Watch(queryId, live, currEvent + 1 - live.seq)
      const address = { requestId: `event_${anew.currEvent}`, watchId }
      this.carry(anew, judge, address, 'NEXT_EVENT', anew.initEventsAgain())
    } catch (error) {
      this.refuse(watch, error)
    }
  }

  private async initWatch(message: Message): Promise<void> {
    const request = readInitWatch(message)
    const { live, judge } = await this.permitted(request)
    const watch = new Watch(encodeQueryId(this.deps.ids.hex(8), request), live)
    this.carry(watch, judge, message, 'INIT_EVENT', watch.initEvents())
  }

  /** Goes on where the client's last event was; where that is no longer known, gives the result anew. */
  private async rebuildWatch(message: Message): Promise<void> {
    const { queryId, eventId } = readLastEvent(message)
    const request = decodeQueryId(queryId)
    if (!request) throw new WireError('QUERYID_INVALID_ERROR', 'there is no such watch')
    const { live, judge } = await this.permitted(request)
    const known = this.deps.watches.find(queryId)
    // What was missed has not been judged, only what there is now.
    const missed = known?.live === live && !judge ? known.replay(eventId) : undefined
    if (known && missed !== undefined) return this.carry(known, judge, message, 'NEXT_EVENT', missed)
    const watch = new Watch(queryId, live, eventId + 1 - live.seq)
    this.carry(watch, judge, message, 'NEXT_EVENT', watch.initEventsAgain())
  }

  /** Nothing may be committed between the reading of `events` and this. */
  private carry(
    watch: Watch,
    judge: Judge | undefined,
    address: Address,
    msgType: 'INIT_EVENT' | 'NEXT_EVENT',
    events: string,
  ): void {
    if (this.isOver) return
    const { watchId = watch.queryId } = address
    const { queryId, currEvent } = watch
    this.forget(watchId, watch)
    this.deps.watches.add(watch)
    this.watches.set(watchId, watch)
    this.send(eventsFrame(address, msgType, { queryId, currEvent, events }))
    watch.attach(this, watchId, judge)
  }

  private checkLast(message: Message): void {
    const { queryId } = readLastEvent(message)
    const watch = this.deps.watches.find(queryId)
    if (!watch) throw new WireError('QUERYID_INVALID_ERROR', 'there is no such watch')
    this.send(frame(message, 'CHECK_EVENT', { queryID: queryId, currEvent: watch.currEvent }))
  }

  private closeWatch({ watchId }: Message): void {
    if (watchId !== undefined) this.forget(watchId)
  }

  /** @param successor takes its place */
  private forget(watchId: string, successor?: Watch): void {
    const watch = this.watches.get(watchId)
    this.watches.delete(watchId)
    if (watch && watch !== successor) this.deps.watches.remove(watch)
  }

  private async permitted(request: WatchRequest): Promise<Permitted> {
    const { client } = this
    if (!client) throw notLoggedIn()
    const permitted = await openPermitted(this.deps.watches, this.deps.authorize, request, client)
    // The login may have ended meanwhile.
    if (this.client !== client) throw notLoggedIn()
    return permitted
  }
}

function notLoggedIn(): WireError {
  return new WireError('CHECK_LOGIN_FAILED', 'log in first')
}
