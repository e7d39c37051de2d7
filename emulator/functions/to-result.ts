import type { Outcome } from './instance.ts'
import type { RunningInvocation } from './invocations.ts'
import { failure, type InvokeResult, success } from './result.ts'

const MB = 1024 * 1024

/** How an event ended, as its caller learns it; no outcome: no instance took it. */
export function toResult(
  outcome: Outcome | undefined,
  { id, functionName, source }: RunningInvocation,
  { timeoutMs, clientResultBytes }: { timeoutMs: number; clientResultBytes: number },
): InvokeResult {
  if (!outcome) {
    return failure(
      'EXCEED_CONCURRENT_REQUEST_LIMIT',
      `no instance of ${functionName} became free in time`,
      id,
    )
  }
  switch (outcome.kind) {
    case 'timed-out':
      return failure(
        'FUNCTIONS_TIME_LIMIT_EXCEEDED',
        `Invoking task timed out after ${timeoutMs / 1_000} seconds`,
        id,
      )
    case 'returned': {
      if (!isClient(source) || Buffer.byteLength(outcome.json ?? '') <= clientResultBytes)
        return success(outcome.json, id, outcome.durationMs)
      const limit = inMegabytes(clientResultBytes).replace(' ', '')
      return failure('FUNCTIONS_RESULT_EXCEED_LIMIT', `cloudfunction result size exceed limit (${limit})`, id)
    }
    default:
      return { ...failure('FUNCTIONS_EXECUTE_FAIL', outcome.message, id), reason: outcome.kind }
  }
}

/** A mini program itself, not a function that it called. */
export function isClient(source: string): boolean {
  return source === 'wx_client' || source === 'wx_devtools'
}

export function inMegabytes(bytes: number): string {
  return `${Math.round((bytes / MB) * 100) / 100} MB`
}
