/**
 * What a device keeps of a shared document, so that edits outlive the app: what was not acknowledged yet, under the name
 * and number that the server will know it by, and what the document was when it was last in step.
 */
export interface Kept {
  read(): { log: Log; state: State }
  /** Before anything is sent: what is sent again must have the same number. */
  writeLog(log: Log): void
  writeState(state: State): void
}

export interface Log {
  clientId: string
  /** Of the last update that the server has acknowledged. */
  clock: number
  /** On its way, perhaps already there. */
  sending: string | null
  /** Made since; in base64 as everything here. */
  unsent: string[]
}

export interface State {
  /** The last update of the log that is in `doc`. */
  since: number
  doc: string
}

/** The synchronous storage of a mini program: 1 MB for a key, 10 MB in all. */
export interface Storage {
  getStorageSync(key: string): unknown
  setStorageSync(key: string, value: unknown): void
}

export function createKept(storage: Storage, documentId: string): Kept {
  const logKey = `collab-log:${documentId}`
  const stateKey = `collab-state:${documentId}`
  return {
    read() {
      const log = storage.getStorageSync(logKey)
      const state = storage.getStorageSync(stateKey)
      return {
        log: isLog(log) ? log : { clientId: newClientId(), clock: 0, sending: null, unsent: [] },
        state: isState(state) ? state : { since: 0, doc: '' },
      }
    },
    writeLog: (log) => storage.setStorageSync(logKey, log),
    writeState(state) {
      try {
        storage.setStorageSync(stateKey, state)
      } catch {
        // Too large for the device: the next start fetches what is missing, from where the kept one is.
      }
    },
  }
}

/** Unique for this user, which is all that the server asks for. */
export function newClientId(): string {
  const random = () => Math.random().toString(36).slice(2, 12).padEnd(10, '0')
  return random() + random()
}

function isLog(value: unknown): value is Log {
  return typeof value === 'object' && value !== null && 'clientId' in value && 'unsent' in value
}

function isState(value: unknown): value is State {
  return typeof value === 'object' && value !== null && 'since' in value && 'doc' in value
}
