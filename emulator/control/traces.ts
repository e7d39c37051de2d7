/** What called what: each function call with its requests to the cloud and the calls of functions that it made. */
import type { FinishedCall } from '../core/metering.ts'
import type { Usage } from '../core/usage.ts'

export interface TraceCall {
  service: string
  operation: string
  /** The collection, or the function called. */
  subject?: string
  /** Since the invocation began. */
  offsetMs: number
  durationMs: number
  code?: string
}

export interface Trace {
  requestId: string
  function: string
  version: string
  route?: string
  source: string
  startedAtMs: number
  /** Absent while it runs. */
  durationMs?: number
  retCode?: number
  code?: string
  /** Of this function itself, without those that it called. */
  cost: Usage & { calls: number; gbs: number }
  calls: TraceCall[]
  /** Calls beyond those kept. */
  callsLeftOut?: number
  children: Trace[]
}

/** What is read of a running invocation and of its report; both belong to `functions`. */
export interface TracedInvocation {
  id: string
  parentId: string | undefined
  functionName: string
  version: string
  route: string | undefined
  source: string
}

export interface TracedReport {
  running: { id: string }
  memoryMb: number
  durationMs: number
  billedMs: number
  retCode: number
  code?: string
}

export interface Traces {
  start(invocation: TracedInvocation): void
  report(report: TracedReport): void
  call(call: FinishedCall): void
  /** Whole trees, the latest first; a tree is wanted when one of its invocations is. */
  list(isWanted: (trace: Trace) => boolean, limit: number): Trace[]
  clear(): void
}

const KEPT_INVOCATIONS = 2_000
const KEPT_CALLS = 200
/** Callers write it. */
const LONGEST_SUBJECT = 100

interface Kept {
  trace: Omit<Trace, 'children'>
  parentId: string | undefined
  startedMs: number
}

export function createTraces(nowMs: () => number): Traces {
  /** In order of their start. */
  const kept = new Map<string, Kept>()

  function forgetOldest(): void {
    if (kept.size <= KEPT_INVOCATIONS) return
    const [oldest] = kept.keys()
    if (oldest !== undefined) kept.delete(oldest)
  }

  function trees(): Trace[] {
    const built = new Map<string, Trace>()
    for (const [id, { trace }] of kept) built.set(id, { ...trace, children: [] })
    const roots: Trace[] = []
    for (const [id, { parentId }] of kept) {
      const trace = built.get(id)
      const parent = parentId === undefined ? undefined : built.get(parentId)
      if (trace) (parent?.children ?? roots).push(trace)
    }
    return roots.reverse()
  }

  return {
    start({ id, parentId, functionName, version, route, source }) {
      const cost = { calls: 0, gbs: 0, recordsRead: 0, recordsWritten: 0, storageOperations: 0 }
      const trace = {
        requestId: id,
        function: functionName,
        version,
        route,
        source,
        startedAtMs: nowMs(),
        cost,
        calls: [],
      }
      kept.set(id, { trace, parentId, startedMs: performance.now() })
      forgetOldest()
    },
    report({ running, memoryMb, durationMs, billedMs, retCode, code }) {
      const trace = kept.get(running.id)?.trace
      if (!trace) return
      Object.assign(trace, { durationMs, retCode, code })
      trace.cost.gbs = (memoryMb / 1_024) * (billedMs / 1_000)
    },
    call({ billed, startedMs, durationMs, usage, code }) {
      const { invocationId, service, operation, subject } = billed
      const found = invocationId === undefined ? undefined : kept.get(invocationId)
      if (!found) return
      const { trace } = found
      trace.cost.calls += 1
      trace.cost.recordsRead += usage.recordsRead
      trace.cost.recordsWritten += usage.recordsWritten
      trace.cost.storageOperations += usage.storageOperations
      if (trace.calls.length >= KEPT_CALLS) {
        trace.callsLeftOut = (trace.callsLeftOut ?? 0) + 1
        return
      }
      const offsetMs = rounded(startedMs - found.startedMs)
      trace.calls.push({
        service,
        operation,
        subject: subject?.slice(0, LONGEST_SUBJECT),
        offsetMs,
        durationMs: rounded(durationMs),
        code,
      })
    },
    list(isWanted, limit) {
      const includes = (trace: Trace): boolean => isWanted(trace) || trace.children.some(includes)
      return trees().filter(includes).slice(0, limit)
    },
    clear: () => kept.clear(),
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100
}
