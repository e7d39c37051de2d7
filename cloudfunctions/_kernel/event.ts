import * as z from 'zod'
import type { Language } from './errors/app-error.ts'
import { refuse } from './errors/app-error.ts'

/**
 * What a caller sends besides the input itself. A request id is the caller's own and stays the same when it tries again;
 * identity is never read from here.
 */
const envelope = z.object({
  requestId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{8,64}$/)
    .optional(),
  traceId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{8,64}$/)
    .optional(),
  lang: z.enum(['zh', 'en']).optional(),
})

export interface Envelope {
  requestId?: string
  traceId?: string
  lang: Language
}

export function readEnvelope(event: Record<string, unknown>): Envelope {
  const parsed = envelope.safeParse(event)
  if (!parsed.success) return refuse('INVALID_INPUT', { issues: toIssues(parsed.error) })
  return { lang: 'zh', ...parsed.data }
}

/** A function may be called with anything: what is not an object is an event without fields. */
export function toFields(event: unknown): Record<string, unknown> {
  return typeof event === 'object' && event !== null && !Array.isArray(event) ? { ...event } : {}
}

const SHOWN_ISSUES = 5

/** Where the input is wrong, short enough to send back. */
export function toIssues(error: z.ZodError): { path: string; message: string }[] {
  return error.issues
    .slice(0, SHOWN_ISSUES)
    .map(({ path, message }) => ({ path: path.map(String).join('.'), message: message.slice(0, 200) }))
}
