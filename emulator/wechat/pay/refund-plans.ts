import type { State } from '../../core/state.ts'
import { createSerial } from '../serial.ts'
import type { NoticePlan, Refund } from './model.ts'

/** How the next accepted refund goes; without a plan it succeeds at once and its function is told. */
export interface RefundPlan {
  /** Only for a refund of this order. */
  outTradeNo?: string
  /** Answer with this code instead: `SYSTEMERROR`, `NOTENOUGH`, `FREQUENCY_LIMITED`, … */
  error?: string
  errorDescription?: string
  /** With `error`: the refund goes on all the same, only the caller does not learn of it. */
  acceptedAnyway?: boolean
  status?: Refund['planned']['status']
  settleAfterMs?: number
  callback?: NoticePlan
  callbackDelayMs?: number
}

export interface RefundPlans {
  add(plan: RefundPlan): Promise<void>
  /** Removes and gives the first plan that fits, or an empty one. */
  take(outTradeNo: string): Promise<RefundPlan>
  list(): RefundPlan[]
  clear(): Promise<void>
}

export function createRefundPlans(state: State): RefundPlans {
  const table = state.table<RefundPlan[]>('wechat.refund-plan')
  const serially = createSerial()
  const list = () => table.get('queue') ?? []
  return {
    list,
    add: (plan) => serially('queue', () => table.put('queue', [...list(), plan])),
    take: (outTradeNo) =>
      serially('queue', async () => {
        const queue = list()
        const at = queue.findIndex((plan) => plan.outTradeNo === undefined || plan.outTradeNo === outTradeNo)
        const plan = queue[at]
        if (!plan) return {}
        await table.put('queue', queue.toSpliced(at, 1))
        return plan
      }),
    clear: () => serially('queue', () => table.put('queue', [])),
  }
}
