/** The feed of committed changes, which realtime listens to. */
import type { Document, Value } from './values.ts'

export interface Change {
  collection: string
  /** The document's `_id`. */
  id: Value
  /** `replace` is `set` of a document that existed; `update` changed fields of one. */
  kind: 'insert' | 'update' | 'replace' | 'remove'
  /** Shared with the engine: read only. */
  before?: Document
  after?: Document
}

export interface ChangeFeed {
  publish(changes: Change[]): void
  subscribe(listener: (changes: Change[]) => void): () => void
}

/** @param onFailure hears of listeners that threw; a listener never breaks a write. */
export function createChangeFeed(onFailure: (error: unknown) => void): ChangeFeed {
  const listeners = new Set<(changes: Change[]) => void>()
  return {
    publish(changes) {
      for (const listener of listeners) {
        try {
          listener(changes)
        } catch (error) {
          onFailure(error)
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
