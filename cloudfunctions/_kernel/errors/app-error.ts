import { catalogue, type ErrorName } from './catalogue.ts'

export type Language = 'zh' | 'en'

/** A refusal from the catalogue. Anything else that is thrown is a fault and leaves as `INTERNAL`. */
export class AppError extends Error {
  readonly code: number

  constructor(
    readonly error: ErrorName,
    /** For programs and logs: ids and numbers, never secrets or free text of strangers. */
    readonly details?: Record<string, unknown>,
    options?: ErrorOptions,
  ) {
    super(catalogue[error].en, options)
    this.name = 'AppError'
    this.code = catalogue[error].code
  }

  messageIn(language: Language): string {
    return catalogue[this.error][language]
  }
}

/** Ends the call with a refusal; inside a transaction it also rolls back. */
export function refuse(error: ErrorName, details?: Record<string, unknown>, cause?: unknown): never {
  throw new AppError(error, details, cause === undefined ? undefined : { cause })
}
