/** Refusals over HTTP: RFC 9457 problem details, with the catalogue's name and code. */
import { catalogue, type ErrorName, type HttpAnswer, type Language } from '../../_kernel/index.ts'

export interface Refusal {
  error: ErrorName
  code: number
  message: string
  details?: Record<string, unknown>
  requestId: string
}

/** A refusal by a rule of the business, where nothing better is said: the request is fine, the state is not. */
const CONFLICT = 409

const statusOf: Partial<Record<ErrorName, number>> = {
  INTERNAL: 500,
  INVALID_INPUT: 400,
  REQUEST_ID_REQUIRED: 400,
  SCOPE_UNKNOWN: 400,
  WEBHOOK_ADDRESS: 400,
  UNAUTHENTICATED: 401,
  TOKEN_INVALID: 401,
  TOKEN_EXPIRED: 401,
  CLIENT_INVALID: 401,
  PARTNER_REVOKED: 401,
  KEY_REVOKED: 401,
  SIGNATURE_REQUIRED: 401,
  SIGNATURE_INVALID: 401,
  SIGNATURE_EXPIRED: 401,
  REQUEST_REPLAYED: 401,
  FORBIDDEN: 403,
  USER_BANNED: 403,
  ADDRESS_NOT_ALLOWED: 403,
  NOT_FOUND: 404,
  ROUTE_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  // As the draft of the Idempotency-Key header has it: the same key with other content.
  REQUEST_ID_REUSED: 422,
  TOO_MANY_REQUESTS: 429,
  QUOTA_EXCEEDED: 429,
  UPSTREAM_FAILED: 502,
  BUSY: 503,
  GATEWAY_NOT_CONFIGURED: 503,
}

export function toProblem({ error, code, message, details, requestId }: Refusal): HttpAnswer {
  const status = statusOf[error] ?? CONFLICT
  const headers: Record<string, string> = { 'content-type': 'application/problem+json; charset=utf-8' }
  const challenge = challengeOf(error, status, details)
  if (challenge !== undefined) headers['www-authenticate'] = challenge
  if (typeof details?.retryAfterMs === 'number')
    headers['retry-after'] = String(Math.max(1, Math.ceil(details.retryAfterMs / 1000)))
  if (Array.isArray(details?.allowed)) headers.allow = details.allowed.join(', ')
  const type = `urn:problem:${error.toLowerCase().replaceAll('_', '-')}`
  const body = { type, title: catalogue[error].en, status, detail: message, error, code, details, requestId }
  return { statusCode: status, headers, body: JSON.stringify(body) }
}

export function languageOf(headers: Readonly<Record<string, string>>): Language {
  return /^\s*en\b/i.test(headers['accept-language'] ?? '') ? 'en' : 'zh'
}

/** RFC 6750, section 3. */
function challengeOf(error: ErrorName, status: number, details: Refusal['details']): string | undefined {
  if (status === 401) {
    return error === 'UNAUTHENTICATED'
      ? 'Bearer'
      : `Bearer error="invalid_token", error_description="${error}"`
  }
  return error === 'FORBIDDEN'
    ? `Bearer error="insufficient_scope", scope="${details?.needs ?? ''}"`
    : undefined
}
