/** Counts what the platform bills: function calls, database requests, storage operations, open API calls. */
export type BilledService = 'functions' | 'database' | 'storage' | 'wechat'

export interface BilledCall {
  service: BilledService
  /** Action of the wire: `database.getDocument`, `functions.invokeFunction`, … */
  operation: string
  /** The function invocation that made the call, when one did. */
  invocationId?: string
  functionName?: string
}

export interface CostTotals {
  total: number
  byService: Record<BilledService, number>
  byOperation: Record<string, number>
  byFunction: Record<string, Partial<Record<BilledService, number>>>
}

export interface CostMeter {
  record(call: BilledCall): void
  totals(): CostTotals
  reset(): void
}

export function createCostMeter(): CostMeter {
  let totals = empty()
  return {
    record({ service, operation, functionName }) {
      totals.total += 1
      totals.byService[service] += 1
      totals.byOperation[operation] = (totals.byOperation[operation] ?? 0) + 1
      if (functionName === undefined) return
      const own = totals.byFunction[functionName] ?? {}
      totals.byFunction[functionName] = { ...own, [service]: (own[service] ?? 0) + 1 }
    },
    totals: () => structuredClone(totals),
    reset() {
      totals = empty()
    },
  }
}

function empty(): CostTotals {
  return {
    total: 0,
    byService: { functions: 0, database: 0, storage: 0, wechat: 0 },
    byOperation: {},
    byFunction: {},
  }
}
