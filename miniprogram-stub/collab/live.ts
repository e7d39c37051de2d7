/** Keeps an open document in step: after edits, on news from `watch`, when the network is back, and with the others' cursors. */
import type { Numbered, SharedDocument } from './shared-document'

export interface Live {
  /** Said to the others until the document is closed: a cursor, a name. */
  show(state: string): Promise<void>
  /** The network is back, or the app is in front again. */
  wake(): void
  close(): Promise<void>
}

export interface Other {
  userId: string
  clientId: string
  state: string
}

export interface LiveDeps {
  shared: SharedDocument
  documentId: string
  server: {
    present(input: { documentId: string; clientId: string; state: string }): Promise<{ others: Other[] }>
    absent(input: { documentId: string; clientId: string }): Promise<unknown>
  }
  /** Undefined where there is no `watch`: the document is then asked for every few seconds. */
  watch?(since: number, onUpdates: (updates: Numbered[]) => void, onEnd: () => void): { close(): unknown }
  onOthers?(others: Other[]): void
  onError?(error: unknown): void
  after(ms: number, run: () => void): () => void
}

/** Edits of this long travel together. */
const GATHER_MS = 300
const POLL_MS = 4_000
const HEARTBEAT_MS = 15_000
const FIRST_RETRY_MS = 2_000
const LONGEST_RETRY_MS = 30_000

/** Begins as soon as the caller is done with its own beginning. Hand `soon` to `openSharedDocument` as `onEdit`. */
export function goLive(deps: LiveDeps): Live & { soon(): void } {
  const { shared, documentId, server, after } = deps
  let isClosed = false
  let failures = 0
  let shown = ''
  let cancelSync = () => {}
  let cancelPoll = () => {}
  let cancelHeartbeat = () => {}
  let watching: { close(): unknown } | undefined

  function syncAfter(ms: number): void {
    cancelSync()
    if (!isClosed) cancelSync = after(ms, () => void syncNow())
  }

  async function syncNow(): Promise<void> {
    try {
      await shared.sync()
      failures = 0
      beginWatch()
    } catch (error) {
      failures += 1
      deps.onError?.(error)
      syncAfter(Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS))
    }
  }

  function beginWatch(): void {
    if (isClosed || watching) return
    if (!deps.watch) {
      cancelPoll()
      cancelPoll = after(POLL_MS, () => void syncNow())
      return
    }
    watching = deps.watch(
      shared.since,
      (updates) => void shared.receive(updates).catch(() => syncAfter(0)),
      () => {
        // Lost for good: the next sync begins another one, from where the document is then.
        watching = undefined
        syncAfter(FIRST_RETRY_MS)
      },
    )
  }

  async function beat(): Promise<void> {
    cancelHeartbeat()
    if (isClosed) return
    cancelHeartbeat = after(HEARTBEAT_MS, () => void beat())
    try {
      const { others } = await server.present({ documentId, clientId: shared.clientId, state: shown })
      deps.onOthers?.(others)
    } catch (error) {
      deps.onError?.(error)
    }
  }

  syncAfter(0)
  cancelHeartbeat = after(0, () => void beat())

  return {
    soon: () => syncAfter(GATHER_MS),
    wake: () => syncAfter(0),
    show(state) {
      shown = state
      return beat()
    },
    async close() {
      isClosed = true
      for (const cancel of [cancelSync, cancelPoll, cancelHeartbeat]) cancel()
      await watching?.close()
      shared.close()
      // Whoever does not hear it sees the presence lapse.
      await server.absent({ documentId, clientId: shared.clientId }).catch(() => undefined)
    },
  }
}
