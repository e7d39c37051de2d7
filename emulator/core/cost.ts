/** Counts what the platform bills, in total and per service, operation, function and route. */
import { noUsage, type Usage } from './usage.ts'

export type BilledService = 'functions' | 'database' | 'storage' | 'wechat'

export interface BilledCall {
  service: BilledService
  /** Action of the wire: `database.getDocument`, `functions.invokeFunction`, … */
  operation: string
  /** The function invocation that made the call, when one did. */
  invocationId?: string
  functionName?: string
  /** What it is about: the collection, the function called. For traces. */
  subject?: string
}

/** One run of a function, as it is billed: memory times duration. */
export interface BilledRun {
  functionName: string
  /** `$url` of its event, when it had one. */
  route?: string
  memoryMb: number
  billedMs: number
}

/** Of one function or route: calls that it made per service, what they used, and its own runs. */
export interface CostTally extends Usage, Partial<Record<BilledService, number>> {
  runs: number
  gbs: number
}

export interface CostTotals extends Usage {
  /** Calls of all services. */
  total: number
  byService: Record<BilledService, number>
  byOperation: Record<string, number>
  byFunction: Record<string, CostTally>
  byRoute: Record<string, CostTally>
  /** Memory in GB times seconds. */
  gbs: number
  /** What a month of the plan includes, and how much of that was used. */
  plan: { name: string; calls: QuotaShare; gbs: QuotaShare }
}

interface QuotaShare {
  used: number
  included: number
  percent: number
}

export interface CostMeter {
  record(call: BilledCall): void
  /** What a recorded call turned out to use. */
  use(call: BilledCall, usage: Usage): void
  run(run: BilledRun): void
  totals(): CostTotals
  reset(): void
}

/** The basic plan of WeChat cloud development: one pool of calls for functions, records and storage. */
const PLAN = { name: 'basic', callsPerMonth: 200_000, gbsPerMonth: 100_000 }

/** Routes are named by callers: beyond this, new ones are counted together. */
const MAX_ROUTES = 500
export const OTHER_ROUTES = '(other routes)'

/** @param routeOf the route (`function/$url`) that an invocation serves. */
export function createCostMeter(routeOf: (invocationId: string) => string | undefined = () => undefined) {
  let counted = empty()

  function tallyOf(tallies: Map<string, CostTally>, key: string): CostTally {
    let tally = tallies.get(key)
    if (!tally) {
      tally = { runs: 0, gbs: 0, ...noUsage }
      tallies.set(key, tally)
    }
    return tally
  }

  function routeTally(route: string): CostTally {
    const isFull = counted.byRoute.size >= MAX_ROUTES && !counted.byRoute.has(route)
    return tallyOf(counted.byRoute, isFull ? OTHER_ROUTES : route)
  }

  /** Of the function that made the call, and of the route that it served. */
  function talliesOf({ functionName, invocationId }: BilledCall): CostTally[] {
    if (functionName === undefined) return []
    const tallies = [tallyOf(counted.byFunction, functionName)]
    const route = invocationId === undefined ? undefined : routeOf(invocationId)
    if (route !== undefined) tallies.push(routeTally(route))
    return tallies
  }

  const meter: CostMeter = {
    record(call) {
      const { service, operation } = call
      counted.total += 1
      counted.byService[service] += 1
      counted.byOperation[operation] = (counted.byOperation[operation] ?? 0) + 1
      for (const tally of talliesOf(call)) tally[service] = (tally[service] ?? 0) + 1
    },
    use(call, usage) {
      add(counted, usage)
      for (const tally of talliesOf(call)) add(tally, usage)
    },
    run({ functionName, route, memoryMb, billedMs }) {
      const gbs = (memoryMb / 1_024) * (billedMs / 1_000)
      counted.gbs += gbs
      const tallies = [tallyOf(counted.byFunction, functionName)]
      if (route !== undefined) tallies.push(routeTally(route))
      for (const tally of tallies) {
        tally.runs += 1
        tally.gbs += gbs
      }
    },
    totals() {
      const { byFunction, byRoute, ...rest } = counted
      return {
        ...structuredClone(rest),
        byFunction: structuredClone(Object.fromEntries(byFunction)),
        byRoute: structuredClone(Object.fromEntries(byRoute)),
        plan: {
          name: PLAN.name,
          calls: share(pooledCalls(), PLAN.callsPerMonth),
          gbs: share(counted.gbs, PLAN.gbsPerMonth),
        },
      }
    },
    reset() {
      counted = empty()
    },
  }
  return meter

  /** Reads and writes count per record (a third party's reading of the price page; see the ledger). */
  function pooledCalls(): number {
    const { byService, recordsRead, recordsWritten, storageOperations } = counted
    return byService.functions + recordsRead + recordsWritten + storageOperations
  }
}

function add(sum: Usage, usage: Usage): void {
  sum.recordsRead += usage.recordsRead
  sum.recordsWritten += usage.recordsWritten
  sum.storageOperations += usage.storageOperations
}

function share(used: number, included: number): QuotaShare {
  return { used, included, percent: Math.round((used / included) * 100_000) / 1_000 }
}

function empty() {
  return {
    total: 0,
    byService: { functions: 0, database: 0, storage: 0, wechat: 0 },
    byOperation: {} as Record<string, number>,
    byFunction: new Map<string, CostTally>(),
    byRoute: new Map<string, CostTally>(),
    gbs: 0,
    ...noUsage,
  }
}
