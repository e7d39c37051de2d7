import { jsonReply, type Reply } from '../core/http.ts'

/** How a call of a function failed, as `functions` tells it. */
export interface Failed {
  code: string
  message: string
  requestId: string
  /** How the event ended in its instance. */
  reason?: string
}

interface Refusal {
  status: number
  code: string
}

/** Codes of the platform's manual (error-code/service); the HTTP statuses are not published. */
const REFUSALS: Record<string, Refusal> = {
  FUNCTION_NOT_FOUND: { status: 404, code: 'INVALID_PATH' },
  FUNCTIONS_TIME_LIMIT_EXCEEDED: { status: 504, code: 'FUNCTION_TIME_LIMIT_EXCEEDED' },
  FUNCTIONS_REQUEST_FAIL: { status: 413, code: 'EXCEED_MAX_PAYLOAD_SIZE' },
  EXCEED_REQUEST_LIMIT: { status: 429, code: 'EXCEED_RATELIMIT' },
  EXCEED_CONCURRENT_REQUEST_LIMIT: { status: 429, code: 'FUNCTION_EXCEED_RESOURCE_LIMIT' },
}
const INVOCATION_FAILED: Refusal = { status: 500, code: 'FUNCTION_INVOCATION_FAILED' }
const MEMORY_EXCEEDED: Refusal = { status: 500, code: 'FUNCTION_MEMORY_LIMIT_EXCEEDED' }

export function refusalOf(failed: Failed): Reply {
  const { status, code } =
    failed.reason === 'memory-exceeded' ? MEMORY_EXCEEDED : (REFUSALS[failed.code] ?? INVOCATION_FAILED)
  return refuse(status, code, failed.message, failed.requestId)
}

export function refuse(status: number, code: string, message: string, requestId: string): Reply {
  return jsonReply({ code, message, requestId }, status)
}
