declare module 'tcb-router' {
  /** Source: tcb-router 1.1.2 `src/index.js`. */
  export default class TcbRouter {
    constructor(options: { event: { $url: string } & Record<string, unknown> })
    router(
      path: string,
      ...handlers: ((exchange: { body?: unknown }, next: () => Promise<void>) => Promise<void>)[]
    ): void
    /** Resolves to what the handlers left in `exchange.body`. */
    serve(): Promise<unknown>
  }
}
