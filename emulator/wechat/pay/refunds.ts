import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import type { Serial } from '../serial.ts'
import { type PaymentBook, paymentKey } from './book.ts'
import type { Payment, Refund } from './model.ts'
import { refundEvent } from './notice-events.ts'
import type { Notices } from './notices.ts'
import { planNotices } from './plan-notices.ts'

/** Brings accepted refunds to their planned end, and tells the merchant's function. */
export interface Refunds {
  /** Sets the alarms of the refunds of this payment that are still under way. */
  arm(payment: Payment): void
  resume(): void
  stop(): Promise<void>
}

export function createRefunds(deps: {
  appid: string
  book: PaymentBook
  serially: Serial
  clock: Clock
  ids: Ids
  log: Log
  notices: Notices
}): Refunds {
  const { book, clock } = deps
  const alarms = new Map<string, () => void>()
  const underWay = new Set<Promise<void>>()
  let isStopped = false

  function arm(payment: Payment): void {
    const key = paymentKey(payment)
    for (const refund of payment.refunds) {
      if (isStopped || refund.status !== 'PROCESSING') continue
      alarms.get(refund.refundId)?.()
      const cancel = clock.at(refund.settleAtMs, () => {
        alarms.delete(refund.refundId)
        const settling = settle(key, refund.refundId).catch((error: unknown) => {
          deps.log.error('wechat', 'a refund could not be settled', {
            refund: refund.refundId,
            error: String(error),
          })
        })
        underWay.add(settling)
        void settling.then(() => underWay.delete(settling))
        return settling
      })
      alarms.set(refund.refundId, cancel)
    }
  }

  /** Moves it out of PROCESSING once, and writes the notices with the same write. */
  async function settle(key: string, refundId: string): Promise<void> {
    const changed = await deps.serially(key, async () => {
      const payment = book.find(key)
      const refund = payment?.refunds.find((one) => one.refundId === refundId)
      const nowMs = clock.nowMs()
      if (!payment || refund?.status !== 'PROCESSING' || refund.settleAtMs > nowMs) return undefined
      const settled: Refund = { ...refund, status: refund.planned.status, settledAtMs: nowMs }
      const next: Payment = {
        ...payment,
        refunds: payment.refunds.map((one) => (one.refundId === refundId ? settled : one)),
        notices: [...payment.notices, ...noticesOf(payment, settled, nowMs)],
      }
      await book.put(next)
      return next
    })
    if (changed) deps.notices.arm(changed)
  }

  function noticesOf(payment: Payment, refund: Refund, nowMs: number) {
    if (refund.functionName === undefined) return []
    const event = refundEvent(payment, refund, deps.appid, deps.ids)
    return planNotices(
      { kind: 'refund', protocol: refund.protocol, functionName: refund.functionName, event },
      refund.planned.callback,
      { nowMs, delayMs: refund.planned.callbackDelayMs },
      () => `notice-${deps.ids.hex(8)}`,
    )
  }

  return {
    arm,
    resume() {
      isStopped = false
      for (const payment of book.all()) arm(payment)
    },
    async stop() {
      isStopped = true
      for (const cancel of alarms.values()) cancel()
      alarms.clear()
      await Promise.all(underWay)
    },
  }
}
