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

/** As long as a flash order may be paid. Whoever asks for the same later wants another one, not the lost answer. */
const KEEP_MS = 15 * 60_000
const KEY_PREFIX = 'request-id:'

export interface Storage {
  getStorageSync(key: string): unknown
  setStorageSync(key: string, value: unknown): void
  removeStorageSync(key: string): void
  getStorageInfoSync(): { keys: string[] }
}

export function createRequestIds(storage: Storage, nowMs: () => number): RequestIds {
  const isFresh = (stored: unknown): stored is Stored =>
    isStored(stored) && nowMs() - stored.atMs < KEEP_MS && stored.atMs <= nowMs()

  // Wishes that never got an answer would stay for ever.
  for (const key of storage.getStorageInfoSync().keys) {
    if (key.startsWith(KEY_PREFIX) && !isFresh(storage.getStorageSync(key))) storage.removeStorageSync(key)
  }

  return {
    take(wish) {
      const key = KEY_PREFIX + wish
      const stored = storage.getStorageSync(key)
      if (isFresh(stored)) return stored.id
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
