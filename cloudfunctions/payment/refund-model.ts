/** What a refund is and how it goes on. No I/O. */
import * as z from 'zod'
import { refuse, text } from '../_kernel/index.ts'
import { type Payment, quantityOfSku } from './model.ts'

const FIRST_RETRY_MS = 60_000
const LONGEST_RETRY_MS = 3_600_000
/**
 * WeChat's refusals carry no usable code (see `wechat-pay.ts`), so each is tried this often before an operator looks.
 * Tries without an answer count, but never end it.
 */
export const MAX_ATTEMPTS = 8

export const refundState = z.enum(['pending', 'processing', 'succeeded', 'failed'])

export const refundSchema = z.object({
  _id: text,
  /** The buyer. */
  _openid: text,
  orderId: text,
  state: refundState,
  refundFen: z.int().min(1),
  /** Of the payment; WeChat compares it. */
  totalFen: z.int().min(1),
  reason: text,
  returnGoods: z.boolean(),
  lines: z.array(quantityOfSku),
  kind: z.enum(['normal', 'flash']),
  hotId: z.string().nullable(),
  /** Did the payment pay for an order? Then the order is told. */
  tellsOrder: z.boolean(),
  afterSaleId: z.string().nullable(),
  requestedBy: text,
  /** Of the operator's request; absent when no request asked for it. */
  requestHash: z.string().optional(),
  /** Counts the numbers used at WeChat: one that WeChat closed is spent, see `outRefundNo`. */
  round: z.int().min(1),
  attempts: z.int().min(0),
  dueAtMs: z.int().nullable(),
  /** WeChat's number, known only from its reply to our request: what tells a true callback from a forged one. */
  wechatRefundId: z.string().nullable(),
  failure: z.string().nullable(),
  createdAtMs: z.int(),
  updatedAtMs: z.int(),
  succeededAtMs: z.int().nullable(),
  version: z.int(),
})

export type Refund = z.output<typeof refundSchema>
export type RefundState = z.output<typeof refundState>

/** Every way a refund may change. */
export const refundTransitions = [
  ['pending', 'accept', 'processing'],
  ['pending', 'refuse', 'pending'],
  ['pending', 'give-up', 'failed'],
  ['processing', 'succeed', 'succeeded'],
  // WeChat closed it without moving money: another round, with a fresh number.
  ['processing', 'again', 'pending'],
  ['processing', 'give-up', 'failed'],
  // An operator tries again, or it turns out that WeChat has it after all.
  ['failed', 'reopen', 'pending'],
] as const satisfies readonly (readonly [RefundState, string, RefundState])[]

export type RefundAction = (typeof refundTransitions)[number][1]

/** The refund after `action`; refuses PAYMENT_STATE when the table has no such row. The only place that sets `state`. */
export function moveRefund(
  refund: Refund,
  action: RefundAction,
  atMs: number,
  change: Partial<Omit<Refund, '_id' | 'state' | 'version'>> = {},
): Refund {
  const row = refundTransitions.find(([from, name]) => from === refund.state && name === action)
  if (!row) refuse('PAYMENT_STATE', { refundId: refund._id, state: refund.state, action })
  return { ...refund, ...change, state: row[2], version: refund.version + 1, updatedAtMs: atMs }
}

export function draftRefund(
  payment: Payment,
  request: Pick<
    Refund,
    '_id' | 'refundFen' | 'reason' | 'lines' | 'afterSaleId' | 'requestedBy' | 'requestHash'
  >,
  nowMs: number,
): Refund {
  return {
    ...request,
    _openid: payment._openid,
    orderId: payment._id,
    state: 'pending',
    totalFen: payment.paidFen,
    returnGoods: request.lines.length > 0,
    kind: payment.kind,
    hotId: payment.hotId,
    tellsOrder: payment.state === 'paid',
    round: 1,
    attempts: 0,
    dueAtMs: nowMs,
    wechatRefundId: null,
    failure: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    succeededAtMs: null,
    version: 1,
  }
}

/** The number that WeChat knows this round by: the same on every try of the round, so that it pays once. */
export function outRefundNo(refund: { _id: string; round: number }): string {
  return refund.round === 1 ? refund._id : `${refund._id}-${refund.round}`
}

export function parseOutRefundNo(number: string): { refundId: string; round: number } {
  const [, refundId = number, round = '1'] = /^(.*)-(\d+)$/.exec(number) ?? []
  return { refundId, round: Number(round) }
}

export function retryAtMs(attempts: number, nowMs: number): number {
  return nowMs + Math.min(FIRST_RETRY_MS * 2 ** Math.max(attempts - 1, 0), LONGEST_RETRY_MS)
}
