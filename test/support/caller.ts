import { randomUUID } from 'node:crypto'

/** What a route answers. */
export type Reply<T = unknown> =
  | { code: 0; data: T; requestId: string }
  | {
      code: number
      error: string
      message: string
      details?: Record<string, unknown>
      requestId: string
      data?: undefined
    }

export interface CallOptions {
  /** The same on a retry; generated when not given. `null` sends none. */
  requestId?: string | null
  lang?: 'zh' | 'en'
}

/** Somebody who calls routes: `order/create` is route `create` of function `order`. */
export interface Caller {
  call<T = unknown>(route: string, data?: unknown, options?: CallOptions): Promise<Reply<T>>
  /** The data; throws when the route refused. */
  ok<T = unknown>(route: string, data?: unknown, options?: CallOptions): Promise<T>
  /** The name of the refusal; throws when the route did not refuse. */
  refused(route: string, data?: unknown, options?: CallOptions): Promise<string>
  /** Any event at all, to any function: for malformed ones. */
  send(functionName: string, event: unknown): Promise<unknown>
}

export type Send = (functionName: string, event: unknown) => Promise<unknown>

/** Calls routes by `send`; `onBehalfOf` is the openid that a calling function names. */
export function createCaller(send: Send, onBehalfOf?: string): Caller {
  const call = async <T>(route: string, data?: unknown, options: CallOptions = {}): Promise<Reply<T>> => {
    const { requestId = randomUUID(), lang } = options
    const [functionName = '', $url] = route.split('/')
    const event = { $url, data, lang, requestId: requestId ?? undefined, onBehalfOf }
    // Every route answers with the kernel's reply; a test that wants to see something else uses `send`.
    return (await send(functionName, event)) as Reply<T>
  }
  return {
    send,
    call,
    async ok<T>(route: string, data?: unknown, options?: CallOptions) {
      const reply = await call<T>(route, data, options)
      if (reply.code === 0 && reply.data !== undefined) return reply.data
      throw new Error(`${route} did not succeed: ${JSON.stringify(reply)}`)
    },
    async refused(route, data, options) {
      const reply = await call(route, data, options)
      if ('error' in reply) return reply.error
      throw new Error(`${route} was not refused: ${JSON.stringify(reply)}`)
    },
  }
}
