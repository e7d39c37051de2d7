/**
 * One device's side of a shared document: edits are kept and sent until they are acknowledged, and what the others have
 * written is applied in the order of the server's log. It works offline, and goes on where it stopped when the app was
 * killed. When to call `sync` is for others to decide (`live.ts`).
 */
import { type Kept, newClientId } from './kept'
import type { YDoc, Yjs } from './yjs'

export interface SharedDocument {
  /** Sends what is unsent and fetches what is new. Rejects when the server could not be reached or refuses. */
  sync(): Promise<void>
  /** News from a `watch`: applied when they are the next ones, otherwise fetched. */
  receive(updates: readonly Numbered[]): Promise<void>
  /** Edits that the server has not acknowledged. */
  isDirty(): boolean
  readonly clientId: string
  /** The last update of the server's log that is in the document. */
  readonly since: number
  /** Listens to the document no more. */
  close(): void
}

export interface Numbered {
  seq: number
  update: string
}

export interface Server {
  push(input: {
    documentId: string
    clientId: string
    clock: number
    update: string
  }): Promise<{ seq: number | null; repeated: boolean }>
  pull(input: { documentId: string; since: number; snapshot?: { id: string; part: number } }): Promise<Pulled>
}

export type Pulled =
  | { kind: 'updates'; updates: Numbered[]; seq: number; lastSeq: number }
  | {
      kind: 'snapshot'
      snapshotId: string
      part: number
      parts: number
      data: string
      seq: number
      lastSeq: number
    }

export interface Base64 {
  encode(bytes: Uint8Array): string
  decode(text: string): Uint8Array
}

export interface Options<Doc extends YDoc> {
  Y: Yjs<Doc>
  doc: Doc
  documentId: string
  server: Server
  kept: Kept
  base64: Base64
  /** Called after an edit of this device: somebody should sync soon. */
  onEdit?(): void
}

/** A request of a mini program should stay below 100 kB, and base64 makes four characters of three bytes. */
const SEND_CHARACTERS = 80_000

export function openSharedDocument<Doc extends YDoc>(options: Options<Doc>): SharedDocument {
  const { Y, doc, documentId, server, kept, base64 } = options
  const { log, state } = kept.read()
  let { since } = state
  /** Origin of what did not come from this device's user. */
  const REMOTE = {}
  let running: Promise<void> | undefined

  for (const known of [state.doc, log.sending ?? '', ...log.unsent]) {
    if (known !== '') Y.applyUpdate(doc, base64.decode(known), REMOTE)
  }

  const onUpdate = (update: Uint8Array, origin: unknown) => {
    if (origin === REMOTE) return
    log.unsent.push(base64.encode(update))
    kept.writeLog(log)
    options.onEdit?.()
  }
  doc.on('update', onUpdate)

  async function exchange(): Promise<void> {
    await pullAll()
    await pushAll()
  }

  async function pullAll(): Promise<void> {
    let snapshot: { id: string; parts: string[] } | undefined
    for (;;) {
      const asked = since
      const part = snapshot && { id: snapshot.id, part: snapshot.parts.length }
      const pulled = await server.pull({ documentId, since: asked, snapshot: part })
      if (pulled.kind === 'snapshot') {
        // Another one than before: it was replaced while its parts were fetched.
        if (snapshot?.id !== pulled.snapshotId) snapshot = { id: pulled.snapshotId, parts: [] }
        if (snapshot.parts.length === pulled.part) snapshot.parts.push(pulled.data)
        if (snapshot.parts.length < pulled.parts) continue
        Y.applyUpdate(doc, joined(snapshot.parts), REMOTE)
        snapshot = undefined
      } else {
        for (const { update } of pulled.updates) Y.applyUpdate(doc, base64.decode(update), REMOTE)
      }
      // The server may know less than we do, after a restored backup: then its count is the right one.
      since = asked > pulled.lastSeq ? pulled.seq : Math.max(since, pulled.seq)
      keepState()
      if (since >= pulled.lastSeq) return
      if (since === asked && pulled.seq <= asked) throw new Error(`${documentId} does not get on`)
    }
  }

  async function pushAll(): Promise<void> {
    for (;;) {
      if (log.sending === null) {
        if (log.unsent.length === 0) return
        log.sending = takeUnsent()
        kept.writeLog(log)
      }
      const clock = log.clock + 1
      const { seq } = await server
        .push({ documentId, clientId: log.clientId, clock, update: log.sending })
        .catch((error: unknown) => {
          // Our number was lost, or another device has our name: what is sent twice is still applied once.
          if (!isOutOfOrder(error)) throw error
          log.clientId = newClientId()
          log.clock = 0
          kept.writeLog(log)
          return { seq: undefined }
        })
      if (seq === undefined) continue
      log.clock = clock
      log.sending = null
      kept.writeLog(log)
      if (seq === since + 1) since = seq
      keepState()
    }
  }

  /** Several edits travel as one update, as long as it does not grow too large. */
  function takeUnsent(): string {
    let characters = 0
    const end = log.unsent.findIndex((update, at) => {
      characters += update.length
      return at > 0 && characters > SEND_CHARACTERS
    })
    const taken = log.unsent.splice(0, end < 0 ? log.unsent.length : end)
    return base64.encode(Y.mergeUpdates(taken.map(base64.decode)))
  }

  function joined(parts: string[]): Uint8Array {
    const pieces = parts.map(base64.decode)
    const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const piece of pieces) {
      whole.set(piece, at)
      at += piece.length
    }
    return whole
  }

  function keepState(): void {
    kept.writeState({ since, doc: base64.encode(Y.encodeStateAsUpdate(doc)) })
  }

  function sync(): Promise<void> {
    // What is asked for while one is under way may come too late for it.
    const next = (running ?? Promise.resolve()).catch(() => undefined).then(exchange)
    running = next
    return next
  }

  return {
    sync,
    async receive(updates) {
      for (const { seq, update } of [...updates].sort((a, b) => a.seq - b.seq)) {
        if (seq <= since) continue
        if (seq > since + 1) return sync()
        Y.applyUpdate(doc, base64.decode(update), REMOTE)
        since = seq
      }
      keepState()
    },
    isDirty: () => log.sending !== null || log.unsent.length > 0,
    get clientId() {
      return log.clientId
    },
    get since() {
      return since
    },
    close: () => doc.off('update', onUpdate),
  }
}

/** The server's refusal of an update that is not the next one of its client. */
function isOutOfOrder(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'error' in error && error.error === 'COLLAB_CLOCK'
}
