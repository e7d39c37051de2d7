/** `watch()`: the realtime client of `@cloudbase/database`, one connection for all watches of a user. */
import { Db } from '@cloudbase/database'
import { RealtimeWebSocketClient } from '@cloudbase/database/dist/esm/realtime/websocket-client'
import { keepWatchesQuiet } from './quiet-watch.ts'
import { currentSettings } from './settings.ts'
import { transport } from './transport.ts'
import { findWatchError } from './watch-errors.ts'

export interface WatchOptions {
  onChange(snapshot: object): void
  onError(error: unknown): void
}

export interface Listener {
  close(): void
}

export interface WatchedQuery {
  collectionName: string
  /** EJSON text. */
  query: string
  limit?: number
  orderBy?: Record<string, string>
}

/** Connections by address, which names the user. */
const clients = new Map<string, RealtimeWebSocketClient>()

/** There is one, whatever a program calls it. */
const ENV_ID = 'local'
/** Shorter than the package's 10 s: what is being waited for is a local cloud that starts again. */
const RECONNECT_INTERVAL_MS = 1_000
const MOST_RECONNECTS = 60

export function watch(query: WatchedQuery, { onChange, onError }: WatchOptions): Listener {
  const { url, user } = currentSettings()
  const address = `${url.replace(/^http/, 'ws')}/client/watch?user=${encodeURIComponent(user)}`
  return clientOf(address).watch({
    ...query,
    // Without it, the package waits for ever on a login that another watch has under way.
    envId: ENV_ID,
    onChange: (snapshot) => onChange(withDates(snapshot)),
    onError(told) {
      const error = findWatchError(told)
      if (error) onError(error)
    },
  })
}

function clientOf(address: string): RealtimeWebSocketClient {
  const known = clients.get(address)
  if (known) return known
  Db.wsClass = transport.socketClass()
  keepWatchesQuiet()
  const client = new RealtimeWebSocketClient({
    maxReconnect: MOST_RECONNECTS,
    reconnectInterval: RECONNECT_INTERVAL_MS,
    context: {
      appConfig: {
        docSizeLimit: 1_000,
        realtimePingInterval: 10_000,
        realtimePongWaitTimeout: 5_000,
        // In place of a signature: the address says who the user is.
        request: {
          send: async () => ({ data: { signStr: '', wsUrl: address, secretVersion: 1, envId: ENV_ID } }),
        },
      },
    },
  })
  clients.set(address, client)
  return client
}

/** The package leaves dates as `{ $date: ms }`; its own `get()` makes Date objects of them, and so does this. */
function withDates(snapshot: object): object {
  return Object.fromEntries(Object.entries(snapshot).map(([name, value]) => [name, dated(value)]))
}

function dated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dated)
  if (typeof value !== 'object' || value === null) return value
  if ('$date' in value && typeof value.$date === 'number') return new Date(value.$date)
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, dated(item)]))
}
