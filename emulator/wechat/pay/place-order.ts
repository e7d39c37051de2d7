import type { PayContext } from './api.ts'
import { paymentKey } from './book.ts'
import { compactTime } from './china-time.ts'
import { isPaid, type Payment, tradeStateOf } from './model.ts'
import { orderClosed, orderPaid, PayRefusal } from './refusals.ts'

/** An order as either protocol asks for it. */
export type NewOrder = Pick<
  Payment,
  | 'subMchId'
  | 'outTradeNo'
  | 'body'
  | 'attach'
  | 'deviceInfo'
  | 'tradeType'
  | 'feeType'
  | 'totalFeeFen'
  | 'openid'
  | 'functionName'
  | 'expiresAtMs'
  | 'fingerprint'
  | 'protocol'
>

/** A prepay session lives two hours, and so does an order that names no end of its own. */
export const PREPAY_LIFE_MS = 2 * 3_600_000
export const SHORTEST_LIFE_MS = 60_000

/** Places an order that the user can pay, or finds the same one again. */
export function placeOrder(order: NewOrder, ctx: PayContext): Promise<Payment> {
  const nowMs = ctx.clock.nowMs()
  const wanted: Payment = {
    ...order,
    createdAtMs: nowMs,
    prepayId: `wx${compactTime(nowMs)}${ctx.ids.hex(10)}`,
    state: 'NOTPAY',
    refunds: [],
    notices: [],
  }
  return ctx.serially(paymentKey(wanted), () => placeOrFind(wanted, ctx))
}

async function placeOrFind(wanted: Payment, ctx: PayContext): Promise<Payment> {
  const key = paymentKey(wanted)
  const existing = ctx.book.find(key)
  if (!existing) {
    await ctx.book.putKey('prepay', wanted.prepayId, key)
    await ctx.book.put(wanted)
    return wanted
  }
  if (isPaid(existing)) throw orderPaid()
  if (tradeStateOf(existing, ctx.clock.nowMs()) === 'CLOSED') throw orderClosed()
  if (existing.fingerprint !== wanted.fingerprint)
    throw new PayRefusal('INVALID_REQUEST', '201 商户订单号重复')
  return existing
}
