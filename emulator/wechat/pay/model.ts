/** What is always true of a payment, its refunds and the notices about them. Pure; amounts are integers in fen. */

/** As `queryOrder` tells it. */
export type TradeState = 'NOTPAY' | 'USERPAYING' | 'PAYERROR' | 'SUCCESS' | 'REFUND' | 'CLOSED'

/** Whose words a request and its notices use: v2 when absent. */
export type Protocol = 'v3'

export interface Payment {
  protocol?: Protocol
  subMchId: string
  outTradeNo: string
  body: string
  attach?: string
  deviceInfo?: string
  tradeType: string
  feeType: string
  totalFeeFen: number
  /**
   * Of the payer under the mini program's appid; what callbacks and queries call `subOpenid`. Empty until somebody pays,
   * when the order is for whoever scans or opens it (NATIVE, MWEB, APP).
   */
  openid: string
  functionName: string
  /** What must stay the same when the same order is placed again. */
  fingerprint: string
  createdAtMs: number
  /** From here on nobody can pay it. */
  expiresAtMs: number
  prepayId: string
  /** What happened to it; expiry and refunds are told by `tradeStateOf`. */
  state: 'NOTPAY' | 'USERPAYING' | 'PAYERROR' | 'SUCCESS' | 'CLOSED'
  transactionId?: string
  paidAtMs?: number
  /** Kept inside, so that one write moves the payment, its refunds and its notices together. */
  refunds: Refund[]
  notices: Notice[]
}

export type RefundStatus = 'PROCESSING' | 'SUCCESS' | 'CHANGE' | 'REFUNDCLOSE'
export type NoticePlan = 'normal' | 'never' | 'twice' | 'late'

export interface Refund {
  protocol?: Protocol
  outRefundNo: string
  refundId: string
  refundFeeFen: number
  refundDesc?: string
  refundAccount: string
  /** Without a function nobody is told. */
  functionName?: string
  status: RefundStatus
  requestedAtMs: number
  settleAtMs: number
  settledAtMs?: number
  /** How it will end, decided when it was accepted. */
  planned: { status: Exclude<RefundStatus, 'PROCESSING'>; callback: NoticePlan; callbackDelayMs: number }
}

/**
 * One message to the merchant's function, delivered until it answers `{ errcode: 0 }` (v2) or `{ code: 'SUCCESS' }` (v3),
 * or until the schedule ends.
 */
export interface Notice {
  id: string
  kind: 'payment' | 'refund'
  protocol?: Protocol
  /** A function; with v3 also an address of this cloud, which begins with `/`. */
  functionName: string
  event: Record<string, unknown>
  state: 'pending' | 'accepted' | 'exhausted' | 'withheld'
  /** Set while pending. */
  nextAtMs?: number
  attempts: NoticeAttempt[]
}

export interface NoticeAttempt {
  atMs: number
  outcome: 'accepted' | 'refused' | 'failed' | 'lost'
  /** What the function answered, or why it did not. */
  detail?: string
}

export const MOST_REFUNDS = 50
export const REFUND_PERIOD_MS = 365 * 24 * 3_600_000

/** After the n-th failed attempt, counted from 0; about a day in all (WeChat Pay v2, payment result notice). */
export const RETRY_DELAYS_MS = [
  ...['15s', '15s', '30s', '3m', '10m', '20m', '30m', '30m', '30m', '60m'],
  ...['3h', '3h', '3h', '6h', '6h'],
].map(durationMs)

export function tradeStateOf(payment: Payment, nowMs: number): TradeState {
  if (payment.state === 'SUCCESS') return payment.refunds.some(countsAsRefunded) ? 'REFUND' : 'SUCCESS'
  if (payment.state !== 'CLOSED' && nowMs >= payment.expiresAtMs) return 'CLOSED'
  return payment.state
}

export function isPaid(payment: Payment): boolean {
  return payment.state === 'SUCCESS'
}

/** What can still be asked back. */
export function refundableFen(payment: Payment): number {
  return payment.refunds
    .filter(countsAsRefunded)
    .reduce((leftFen, refund) => leftFen - refund.refundFeeFen, isPaid(payment) ? payment.totalFeeFen : 0)
}

/** The user's money arrived. Nothing changes when it had arrived before. */
export function settlePayment(payment: Payment, transactionId: string, nowMs: number): Payment {
  if (isPaid(payment)) return payment
  return { ...payment, state: 'SUCCESS', transactionId, paidAtMs: nowMs }
}

/** A refund that was closed gave the money back to the merchant; any other one holds or has moved it. */
function countsAsRefunded(refund: Refund): boolean {
  return refund.status !== 'REFUNDCLOSE'
}

function durationMs(text: string): number {
  const unitMs = { s: 1_000, m: 60_000, h: 3_600_000 }[text.slice(-1)] ?? 0
  return Number.parseInt(text, 10) * unitMs
}
