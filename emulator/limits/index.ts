/** The plan's limits on traffic and sizes; each can be changed while the cloud runs. */
import * as z from 'zod'
import type { BilledCall } from '../core/cost.ts'
import { WireError } from '../core/errors.ts'

const rate = z.union([z.number().int().min(1), z.literal(false)])
const MB = 1024 * 1024
const size = z
  .number()
  .int()
  .min(1)
  .max(512 * MB)

export const limitSettings = z.strictObject({
  /** Calls of all services in one second, by the machine's clock; false for no limit. */
  qps: rate,
  /** Database requests under way at once; false for no limit. */
  databaseConnections: rate,
  /** Of a function's event and of its result. */
  eventBytes: size,
  resultBytes: size,
  /** Of a result that goes to a mini program. */
  clientResultBytes: size,
})

export type LimitSettings = z.output<typeof limitSettings>

/** Facts behind each: README.md. */
export const PLAN_LIMITS: LimitSettings = {
  qps: 500,
  databaseConnections: 500,
  eventBytes: 6 * MB,
  resultBytes: 6 * MB,
  clientResultBytes: MB,
}

export interface Limits {
  current(): LimitSettings
  set(changes: Partial<LimitSettings>): void
  /** Throws WireError when the call is one too many; returns what ends it. */
  admit(call: BilledCall): () => void
}

export interface LimitsOptions {
  nowMs?(): number
  /** A call is about to be refused; told once until the limits are changed. */
  onRefusal?(reason: string): void
}

export function createLimits(
  settings: Partial<LimitSettings> = {},
  { nowMs = () => performance.now(), onRefusal = nothing }: LimitsOptions = {},
): Limits {
  let limits = { ...PLAN_LIMITS, ...settings }
  let second = Number.NEGATIVE_INFINITY
  let inSecond = 0
  let connections = 0
  let isTold = false

  function countRequest(qps: number): void {
    const now = Math.floor(nowMs() / 1_000)
    if (now !== second) {
      second = now
      inSecond = 0
    }
    inSecond += 1
    if (inSecond > qps)
      throw refusal('EXCEED_REQUEST_LIMIT', `exceed request limit: ${qps} requests per second`)
  }

  function refusal(code: string, reason: string): WireError {
    if (!isTold) onRefusal(reason)
    isTold = true
    return new WireError(code, reason)
  }

  return {
    current: () => ({ ...limits }),
    set(changes) {
      limits = { ...limits, ...changes }
      isTold = false
    },
    admit({ service }) {
      if (limits.qps !== false) countRequest(limits.qps)
      if (service !== 'database') return nothing
      const { databaseConnections } = limits
      if (databaseConnections !== false && connections >= databaseConnections) {
        throw refusal(
          'EXCEED_CONCURRENT_REQUEST_LIMIT',
          `exceed concurrent request limit: ${databaseConnections} database connections`,
        )
      }
      connections += 1
      return () => {
        connections -= 1
      }
    },
  }
}

const nothing = (): void => {}
