import { LATENCY_BOUNDS_MS, type Tally } from '../../_kernel/index.ts'

/** Two measurements of the same route together. No I/O. */
export function plus(a: Tally, b: Tally): Tally {
  const latency = { ...a.latency }
  for (const [name, calls] of Object.entries(b.latency)) latency[name] = (latency[name] ?? 0) + calls
  return {
    calls: a.calls + b.calls,
    refused: a.refused + b.refused,
    failed: a.failed + b.failed,
    durationMs: a.durationMs + b.durationMs,
    databaseCalls: a.databaseCalls + b.databaseCalls,
    latency,
  }
}

export const nothing: Tally = {
  calls: 0,
  refused: 0,
  failed: 0,
  durationMs: 0,
  databaseCalls: 0,
  latency: {},
}

/** What an operator reads of a tally over `spanMs`. */
export function toSummary(tally: Tally, spanMs: number) {
  const { calls, refused, failed, durationMs, databaseCalls } = tally
  const perCall = (total: number) => (calls === 0 ? 0 : Math.round((total / calls) * 100) / 100)
  return {
    calls,
    perMinute: Math.round((calls / (spanMs / 60_000)) * 100) / 100,
    refusedPercent: perCall(refused * 100),
    failedPercent: perCall(failed * 100),
    meanMs: perCall(durationMs),
    p50Ms: percentile(tally, 0.5),
    p95Ms: percentile(tally, 0.95),
    p99Ms: percentile(tally, 0.99),
    databaseCalls,
    databaseCallsPerCall: perCall(databaseCalls),
  }
}

/** The upper bound of the class in which this share of the calls is reached; null beyond the last class, or without calls. */
export function percentile({ calls, latency }: Tally, share: number): number | null {
  let seen = 0
  for (const bound of LATENCY_BOUNDS_MS) {
    seen += latency[`le${bound}`] ?? 0
    if (calls > 0 && seen >= calls * share) return bound
  }
  return null
}
