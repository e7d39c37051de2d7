/** WeChat Pay (v2, service provider mode) with a memory: what `cloud.cloudPay.*` talks to. */
import type { Clock } from '../../core/clock.ts'
import { notEmulated } from '../../core/errors.ts'
import type { Faults } from '../../core/faults.ts'
import type { Ids } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import type { State } from '../../core/state.ts'
import { createSerial } from '../serial.ts'
import { type ByteReply, encodePayFile, encodePayReply } from '../wire.ts'
import { answer, type PayApi, type PayContext } from './api.ts'
import { createPaymentBook } from './book.ts'
import { closeOrder } from './close-order.ts'
import { createPayControl, type PayControl } from './control.ts'
import { downloadBill } from './download-bill.ts'
import { withHttpTargets } from './http-targets.ts'
import { createNotices, type Invoke } from './notices.ts'
import { queryOrder } from './query-order.ts'
import { queryRefund } from './query-refund.ts'
import { refund } from './refund.ts'
import { createRefundPlans, type RefundPlans } from './refund-plans.ts'
import { createRefunds } from './refunds.ts'
import { unifiedOrder } from './unified-order.ts'
import { createPayV3, type PayV3 } from './v3/index.ts'
import { createV3Settings, type V3Settings } from './v3/settings.ts'

const PAY_APIS: ReadonlyMap<string, PayApi> = new Map([
  ['unifiedOrder', unifiedOrder],
  ['queryOrder', queryOrder],
  ['closeOrder', closeOrder],
  ['refund', refund],
  ['queryRefund', queryRefund],
  ['downloadBill', downloadBill],
])

export interface Pay {
  call(apiName: string, fields: Record<string, unknown>, caller: { openid?: string }): Promise<ByteReply>
  /** The same payments in the words of v3. */
  v3: PayV3
  control: PayControl & { plans: RefundPlans; v3: V3Settings }
  /** Takes up what the stored payments still have to do; safe to call again after their content was replaced. */
  resume(): void
  stop(): Promise<void>
}

export function createPay(deps: {
  appid: string
  state: State
  clock: Clock
  ids: Ids
  log: Log
  faults: Faults
  invoke: Invoke
  /** Where this cloud is served, for notices to its own addresses. */
  baseUrl(): string
}): Pay {
  const book = createPaymentBook(deps.state)
  const serially = createSerial()
  const invoke = withHttpTargets(deps.invoke, deps.baseUrl)
  const v3Settings = createV3Settings(deps.state)
  const notices = createNotices({ ...deps, invoke, book, serially })
  const refunds = createRefunds({ ...deps, book, serially, notices })
  const plans = createRefundPlans(deps.state)
  const { appid, clock, ids } = deps
  const ctx: PayContext = { appid, clock, ids, book, serially, notices, refunds, plans }

  return {
    async call(apiName, fields, caller) {
      const api = PAY_APIS.get(apiName)
      if (!api) throw notEmulated(`cloudPay.${apiName}`)
      const reply = await answer(api, fields, caller, ctx)
      return reply instanceof Uint8Array ? encodePayFile(reply) : encodePayReply(reply)
    },
    v3: createPayV3(ctx, v3Settings),
    control: { ...createPayControl(ctx, invoke), plans, v3: v3Settings },
    resume() {
      refunds.resume()
      notices.resume()
    },
    async stop() {
      await refunds.stop()
      await notices.stop()
    },
  }
}
