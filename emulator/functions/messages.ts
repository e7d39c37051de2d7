/** What the cloud and a function instance (worker thread) say to each other. */

export interface InstanceSetup {
  functionName: string
  /** The function's folder, and its main file in it. */
  dir: string
  entry: string
  /** Name under which the main file exports the handler. */
  exportName: string
  /** `Clock.shared`. */
  clock: SharedArrayBuffer
  /** `host:port` of the cloud: requests to it are awaited after the handler returned. */
  gatewayHost: string
}

export type ToInstance = {
  type: 'invoke'
  requestId: string
  eventJson: string
  contextJson: string
  /** Replaces the variables of the invocation before. */
  env: Record<string, string>
  maxResultBytes: number
}

export type FromInstance =
  /** User code is loaded; the time limit of the invocation begins. */
  | { type: 'loaded' }
  | { type: 'load-failed'; message: string; stack?: string }
  | { type: 'returned'; json: string | undefined; heapBytes: number }
  | { type: 'threw'; message: string; stack?: string; heapBytes: number }
  /** Requests that the handler did not await have landed. */
  | { type: 'drained' }
  | {
      type: 'log'
      level: InstanceLogLevel
      text: string
      fields?: Record<string, unknown>
      /** What is true of the function, whichever instance says it. */
      isOnce?: boolean
    }

export type InstanceLogLevel = 'debug' | 'info' | 'warn' | 'error'
