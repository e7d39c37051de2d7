/** What a payment is: money asked for, money that came in, money that goes back. No I/O. */
import * as z from 'zod'
import { refuse, text } from '../_kernel/index.ts'

/** WeChat Pay's own bound on refunds of one payment. */
export const MAX_REFUNDS = 50

/** WeChat takes an order only if it can be paid for another minute; at the order's own end we close it there. */
export const LONGER_AT_WECHAT_MS = 90_000

const fen = z.int().min(0)
const ms = z.int()

export const paymentState = z.enum(['pending', 'paid', 'closed', 'mismatch'])
export const quantityOfSku = z.object({ skuId: text, quantity: z.int().min(1) })

export const paymentSchema = z.object({
  /** The order's id, which is WeChat's `outTradeNo`. */
  _id: text,
  /** The buyer. */
  _openid: text,
  state: paymentState,
  kind: z.enum(['normal', 'flash']),
  hotId: z.string().nullable(),
  /** What the order costs; asked for, and expected. */
  amountFen: fen,
  /** As it was first sent: WeChat takes the same order again only with the same words. */
  body: text,
  clientIp: text,
  /** Until when WeChat takes money for it. */
  expiresAtMs: ms,
  createdAtMs: ms,
  updatedAtMs: ms,
  /** Grows by one with each change; every write is conditional on it. */
  version: z.int(),
  /** When to ask WeChat again by ourselves; null when there is nothing left to ask. */
  dueAtMs: ms.nullable(),
  checks: z.int(),
  transactionId: z.string().nullable(),
  paidFen: fen,
  paidAtMs: ms.nullable(),
  /** Asked back and not decided yet. `paidFen >= refundingFen + refundedFen`, always. */
  refundingFen: fen,
  refundedFen: fen,
  refundCount: z.int(),
  /** What the payment bought, and how much of it comes or came back; empty when it bought nothing. */
  lines: z.array(quantityOfSku.extend({ returning: z.int().min(0) })),
})

export type Payment = z.output<typeof paymentSchema>
export type PaymentState = z.output<typeof paymentState>
export type QuantityOfSku = z.output<typeof quantityOfSku>

/** Every way a payment may change. */
export const transitions = [
  ['pending', 'pay', 'paid'],
  // WeChat took the money before or although we had closed it: it is there, and goes back through a refund.
  ['closed', 'pay', 'paid'],
  ['pending', 'close', 'closed'],
  ['pending', 'mismatch', 'mismatch'],
  ['closed', 'mismatch', 'mismatch'],
  ['pending', 'check', 'pending'],
  ['paid', 'refund', 'paid'],
  ['mismatch', 'refund', 'mismatch'],
] as const satisfies readonly (readonly [PaymentState, string, PaymentState])[]

export type PaymentAction = (typeof transitions)[number][1]

/** The payment after `action`; refuses PAYMENT_STATE when the table has no such row. The only place that sets `state`. */
export function transition(
  payment: Payment,
  action: PaymentAction,
  atMs: number,
  change: Partial<Omit<Payment, '_id' | 'state' | 'version'>> = {},
): Payment {
  const row = transitions.find(([from, name]) => from === payment.state && name === action)
  if (!row) refuse('PAYMENT_STATE', { orderId: payment._id, state: payment.state, action })
  return { ...payment, ...change, state: row[2], version: payment.version + 1, updatedAtMs: atMs }
}

/**
 * When to ask WeChat next, which is no later than the order's end as long as that is to come: one that was paid in its
 * last minutes, and whose notice was lost, is found paid before it would be closed and its money sent back.
 */
export function nextCheckMs(payment: Pick<Payment, 'expiresAtMs'>, nowMs: number, waitMs: number): number {
  const orderEndsAtMs = payment.expiresAtMs - LONGER_AT_WECHAT_MS
  return nowMs < orderEndsAtMs ? Math.min(nowMs + waitMs, orderEndsAtMs) : nowMs + waitMs
}

export function refundableFen(payment: Payment): number {
  return payment.paidFen - payment.refundingFen - payment.refundedFen
}

/** Sets money and goods aside for a refund; refuses when that is more than what is left. */
export function reserveRefund(
  payment: Payment,
  refund: { refundFen: number; lines: readonly QuantityOfSku[] },
  atMs: number,
): Payment {
  const leftFen = refundableFen(payment)
  if (refund.refundFen > leftFen)
    refuse('REFUND_EXCEEDS_PAID', { orderId: payment._id, refundableFen: leftFen })
  if (payment.refundCount >= MAX_REFUNDS)
    refuse('PAYMENT_STATE', { orderId: payment._id, refunds: MAX_REFUNDS })
  const next = transition(payment, 'refund', atMs, {
    refundingFen: payment.refundingFen + refund.refundFen,
    refundCount: payment.refundCount + 1,
    lines: changeReturning(payment, refund.lines, 1),
  })
  for (const { skuId, quantity } of refund.lines) {
    const line = next.lines.find((one) => one.skuId === skuId)
    if (!line || line.returning > line.quantity) refuse('RETURN_EXCEEDS_BOUGHT', { skuId, quantity })
  }
  return next
}

/** The money has gone back for good. */
export function settleRefund(payment: Payment, refundFen: number, atMs: number): Payment {
  return transition(payment, 'refund', atMs, {
    refundingFen: payment.refundingFen - refundFen,
    refundedFen: payment.refundedFen + refundFen,
  })
}

/** The refund will not happen: what was set aside is free again. */
export function releaseRefund(
  payment: Payment,
  refund: { refundFen: number; lines: readonly QuantityOfSku[] },
  atMs: number,
): Payment {
  return transition(payment, 'refund', atMs, {
    refundingFen: payment.refundingFen - refund.refundFen,
    refundCount: payment.refundCount - 1,
    lines: changeReturning(payment, refund.lines, -1),
  })
}

/** The goods that no refund has claimed yet, each at most as often as `wanted` says. */
export function returnable(payment: Payment, wanted?: readonly QuantityOfSku[]): QuantityOfSku[] {
  return payment.lines.flatMap(({ skuId, quantity, returning }) => {
    const asked = wanted ? (wanted.find((line) => line.skuId === skuId)?.quantity ?? 0) : quantity
    const free = Math.min(asked, quantity - returning)
    return free > 0 ? [{ skuId, quantity: free }] : []
  })
}

function changeReturning(payment: Payment, lines: readonly QuantityOfSku[], sign: 1 | -1): Payment['lines'] {
  return payment.lines.map((line) => {
    const quantity = lines.find((one) => one.skuId === line.skuId)?.quantity ?? 0
    return { ...line, returning: line.returning + sign * quantity }
  })
}
