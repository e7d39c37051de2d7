/**
 * A refusal that travels to an SDK as `{ code, message, requestId }` with HTTP 200, which is how the platform
 * reports every business error (node-sdk `tcbapirequester.ts`). `code` is the platform's string code.
 */
export class WireError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'WireError'
  }
}

/** What the platform offers and we do not yet: named, so that nobody mistakes it for a fault of their own. */
export function notEmulated(what: string): WireError {
  return new WireError('NOT_EMULATED', `not emulated yet: ${what}`)
}
