/** The last words about an invocation: the platform's END and Report lines, and what is billed and traced. */
import type { Log } from '../core/log.ts'
import type { FunctionDefinition } from './catalogue.ts'
import type { Outcome } from './instance.ts'
import type { RunningInvocation } from './invocations.ts'
import type { InvokeResult } from './result.ts'

export interface InvocationReport {
  running: RunningInvocation
  memoryMb: number
  durationMs: number
  billedMs: number
  /** Of the JavaScript heap; absent when the instance died. */
  memoryUsedMb?: number
  /** Status code of SCF: 200, or why it failed. */
  retCode: number
  /** Absent when it went well. */
  code?: string
  message?: string
}

/** SCF's status codes (its manual, 583/35311). */
const RET_CODES: Record<Outcome['kind'], number> = {
  returned: 200,
  threw: 430,
  'load-failed': 430,
  'timed-out': 433,
  'memory-exceeded': 434,
  crashed: 439,
}
const NO_INSTANCE = 432
const RESPONSE_TOO_LARGE = 407

export function reportOf(
  running: RunningInvocation,
  { memoryMb }: FunctionDefinition,
  outcome: Outcome | undefined,
  result: InvokeResult,
): InvocationReport {
  const durationMs = Math.round(outcome?.durationMs ?? 0)
  const heapBytes = outcome && 'heapBytes' in outcome ? outcome.heapBytes : undefined
  const report: InvocationReport = {
    running,
    memoryMb,
    durationMs,
    // Billed to the millisecond, and a call that ran at all for one.
    billedMs: outcome ? Math.max(1, Math.ceil(outcome.durationMs)) : 0,
    memoryUsedMb: heapBytes === undefined ? undefined : Math.round(heapBytes / 1024 / 10.24) / 100,
    retCode: retCodeOf(outcome, result),
  }
  return result.ok ? report : { ...report, code: result.code, message: result.message }
}

function retCodeOf(outcome: Outcome | undefined, result: InvokeResult): number {
  if (!outcome) return NO_INSTANCE
  return outcome.kind === 'returned' && !result.ok ? RESPONSE_TOO_LARGE : RET_CODES[outcome.kind]
}

export function logReport(log: Log, report: InvocationReport, stack: string | undefined): void {
  const { running, memoryMb, durationMs, billedMs, memoryUsedMb, retCode, code, message } = report
  const { id, functionName, version } = running
  const fields = { function: functionName, requestId: id }
  if (code !== undefined) log.error('functions', `${functionName}: ${code} ${message}`, { ...fields, stack })
  log.debug('functions', `END RequestId: ${id}`, fields)
  const used = memoryUsedMb === undefined ? '' : ` MemUsage:${memoryUsedMb}MB`
  const figures = `Duration:${durationMs}ms Memory:${memoryMb}MB BillDuration:${billedMs}ms${used} RetCode:${retCode}`
  log.debug('functions', `Report RequestId: ${id} ${figures}`, {
    ...fields,
    version,
    durationMs,
    billDurationMs: billedMs,
    memoryMb,
    memUsageMb: memoryUsedMb,
    retCode,
    retMsg: message ?? '',
  })
}
