import { AppError, type Language } from './errors/app-error.ts'
import type { ErrorName } from './errors/catalogue.ts'

/** What every route answers. */
export type Reply<R = unknown> =
  | { code: 0; data: R; requestId: string }
  | { code: number; error: ErrorName; message: string; details?: Record<string, unknown>; requestId: string }

export function success<R>(data: R, requestId: string): Reply<R> {
  return { code: 0, data, requestId }
}

/** A stranger's message and stack stay in the log. */
export function failure(thrown: unknown, language: Language, requestId: string): Reply<never> {
  const error = thrown instanceof AppError ? thrown : new AppError('INTERNAL')
  const reply = { code: error.code, error: error.error, message: error.messageIn(language), requestId }
  return error.details === undefined ? reply : { ...reply, details: error.details }
}
