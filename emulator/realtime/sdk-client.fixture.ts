/** The real client code of `watch` (@cloudbase/database), over the `ws` package, with what a test wants to look at. */
import { createRequire } from 'node:module'
import { vi } from 'vitest'
import { WebSocket } from 'ws'
import type { LoginInfo } from './wire.ts'

/** What @cloudbase/database hands to `onChange` (`realtime/snapshot.ts`). */
export interface Snapshot {
  id: number
  type?: string
  msgType?: string
  docs: Record<string, unknown>[]
  docChanges: DocChange[]
}

export interface DocChange {
  id: number
  dataType: string
  queueType: string
  docId: unknown
  doc?: Record<string, unknown>
  updatedFields?: Record<string, unknown>
  removedFields?: string[]
}

interface WatchOptions {
  collectionName: string
  query?: string
  orderBy?: Record<string, 'asc' | 'desc'>
  limit?: number
}

interface SdkClient {
  watch(
    options: WatchOptions & {
      envId: string
      onChange(snapshot: Snapshot): void
      onError(error: unknown): void
    },
  ): { close(): void }
  close(code: number): void
  _virtualWSClient: Set<{ watchStatus: string }>
}

const require = createRequire(import.meta.url)
const { Db } = require('@cloudbase/database') as { Db: { wsClass: unknown; runtime: string } }
const { RealtimeWebSocketClient } =
  require('@cloudbase/database/dist/commonjs/realtime/websocket-client.js') as {
    RealtimeWebSocketClient: new (options: unknown) => SdkClient
  }

const open = new Set<WebSocket>()

/** As in a browser, every message is a task of its own. */
class BrowserSocket extends WebSocket {
  constructor(url: string) {
    super(url, { allowSynchronousEvents: false })
    open.add(this)
    this.once('close', () => open.delete(this))
  }
}

Db.wsClass = BrowserSocket
Db.runtime = 'web'

/** Cuts all connections as a lost network does: no side says goodbye. Resolves when the clients have noticed. */
export async function cutConnections(): Promise<void> {
  const noticed = [...open].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
  for (const socket of open) socket.terminate()
  await Promise.all(noticed)
}

/**
 * For a whole file: the client tells the console about everything it does, and leaves the promise of a refused watch to
 * nobody (`virtual-websocket-client.ts`).
 */
export function quietenClients(): void {
  for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockReturnValue()
  const listeners = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', (reason, promise) => {
    if (/^(Watch Error|CHECK_LOGIN_FAILED)/.test(reason instanceof Error ? reason.message : '')) return
    for (const listener of listeners) listener(reason, promise)
  })
}

const clients = new Set<SdkClient>()

/** Without it they would go on looking for their server. */
export function closeClients(): void {
  for (const client of clients) client.close(NO_REALTIME_LISTENERS)
  clients.clear()
}

const NO_REALTIME_LISTENERS = 3001

export function connectSdk(wsUrl: string, login: Partial<LoginInfo> = {}) {
  const sign = { signStr: 'sign', secretVersion: '1', envId: 'local', ...login, wsUrl }
  const client = new RealtimeWebSocketClient({
    maxReconnect: 5,
    reconnectInterval: 20,
    context: {
      appConfig: {
        realtimePingInterval: 10_000,
        realtimePongWaitTimeout: 5_000,
        request: { send: async () => ({ data: sign }) },
      },
    },
  })
  clients.add(client)
  return {
    /** Resolves once all watches that have not ended are being told of events. */
    async isActive(): Promise<void> {
      while ([...client._virtualWSClient].some(({ watchStatus }) => watchStatus !== 'ACTIVE')) {
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    },
    watch(collectionName: string, query: unknown = {}, more: Partial<WatchOptions> = {}): Watched {
      const watched = new Watched()
      const listener = client.watch({
        envId: 'local',
        collectionName,
        query: JSON.stringify(query),
        ...more,
        onChange: (snapshot) => watched.onChange(snapshot),
        onError: (error) => watched.onError(error),
      })
      watched.close = () => listener.close()
      return watched
    },
  }
}

/** What a listener was told. */
export class Watched {
  readonly snapshots: Snapshot[] = []
  readonly errors: unknown[] = []
  close: () => void = () => {}
  private waiting: (() => void)[] = []

  onChange(snapshot: Snapshot): void {
    this.snapshots.push(snapshot)
    this.wake()
  }

  onError(error: unknown): void {
    this.errors.push(error)
    this.wake()
  }

  get last(): Snapshot {
    const last = this.snapshots[this.snapshots.length - 1]
    if (!last) throw new Error('nothing was told yet')
    return last
  }

  /** Resolves once this holds of what was told; an error that is not asked for is thrown. */
  async until(holds: (watched: Watched) => boolean): Promise<Snapshot> {
    while (!holds(this)) {
      if (this.errors.length > 0) throw new Error(`the watch ended: ${JSON.stringify(this.errors[0])}`)
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    }
    return this.last
  }

  /** The `count`-th snapshot, counted from 1. */
  async snapshot(count: number): Promise<Snapshot> {
    await this.until(({ snapshots }) => snapshots.length >= count)
    return this.snapshots[count - 1] ?? this.last
  }

  async error(): Promise<unknown> {
    while (this.errors.length === 0) await new Promise<void>((resolve) => this.waiting.push(resolve))
    return this.errors[0]
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve()
  }
}
