/**
 * Request ids that survive a retry. The server keeps the reply of an idempotent route under the id, so the same wish must
 * always be sent with the same id: within one call, when the user taps again after a time-out, and after the app was
 * killed in between. The id is therefore stored before the first try and forgotten when an answer has come.
 */
export interface RequestIds {
  /** The id for this wish: the stored one if an earlier try got no answer. */
  take(wish: string): string
  /** An answer has come: the next wish of the same content is a new one. */
  settle(wish: string): void
}

interface Stored {
  id: string
  atMs: number
}

/** The server forgets replies after three days; an id older than this would no longer protect anybody. */
const KEEP_MS = 2 * 24 * 3_600_000
const KEY_PREFIX = 'request-id:'

export interface Storage {
  getStorageSync(key: string): unknown
  setStorageSync(key: string, value: unknown): void
  removeStorageSync(key: string): void
}

export function createRequestIds(storage: Storage, nowMs: () => number): RequestIds {
  return {
    take(wish) {
      const key = KEY_PREFIX + wish
      const stored = storage.getStorageSync(key)
      if (isStored(stored) && nowMs() - stored.atMs < KEEP_MS) return stored.id
      const fresh: Stored = { id: newRequestId(nowMs()), atMs: nowMs() }
      storage.setStorageSync(key, fresh)
      return fresh.id
    },
    settle(wish) {
      storage.removeStorageSync(KEY_PREFIX + wish)
    },
  }
}

/** Unique for this user, which is all that the server asks for: it keeps ids per user and route. */
export function newRequestId(nowMs: number): string {
  const random = () => Math.random().toString(36).slice(2, 12).padEnd(10, '0')
  return `${nowMs.toString(36)}-${random()}${random()}`
}

function isStored(value: unknown): value is Stored {
  return typeof value === 'object' && value !== null && 'id' in value && 'atMs' in value
}
