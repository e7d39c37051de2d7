import { findPaymentKey, getPayment, type PayApi, type PayContext } from './api.ts'
import { paymentKey } from './book.ts'
import { compactTime } from './china-time.ts'
import { parseFields, refundFields } from './fields.ts'
import {
  isPaid,
  MOST_REFUNDS,
  type Payment,
  type Protocol,
  REFUND_PERIOD_MS,
  type Refund,
  refundableFen,
} from './model.ts'
import { orderNotExist, PayFormatRefusal, PayRefusal } from './refusals.ts'

/** A refund as either protocol asks for it. */
export type RefundRequest = ReturnType<typeof parseFields<typeof refundFields>> & { protocol?: Protocol }

/** `refund`: takes a refund on; how it ends comes by callback. The same number and amount again is the same refund. */
export const refund: PayApi = async (given, _caller, ctx) => {
  const request = parseRefund(given)
  const accepted = await takeRefund(request, ctx)
  return { subMchId: request.sub_mch_id, fields: replyFields(accepted.payment, accepted.refund) }
}

/** Takes it on and lets it settle; the same request again gives the same refund. */
export function takeRefund(
  request: RefundRequest,
  ctx: PayContext,
): Promise<{ payment: Payment; refund: Refund }> {
  const number = `${request.sub_mch_id}:${request.out_refund_no}`
  // A refund number is unique within the merchant, whatever order it is for.
  return ctx.serially(`refund ${number}`, async () => {
    const key = findPaymentKey(request, ctx.book)
    if (key === undefined) throw orderNotExist()
    const usedFor = ctx.book.findKey('refund', number)
    const isUsed = usedFor !== undefined && findRefund(ctx.book.find(usedFor), request) !== undefined
    if (isUsed && usedFor !== key) throw mismatch()
    const accepted = await ctx.serially(key, () => accept(request, getPayment(key, ctx.book), ctx))
    ctx.refunds.arm(accepted.payment)
    return accepted
  })
}

function parseRefund(given: Record<string, unknown>) {
  const request = parseFields(refundFields, given)
  if (!request.transaction_id && !request.out_trade_no) throw new PayFormatRefusal('缺少参数out_trade_no')
  if (request.refund_fee > request.total_fee) throw new PayFormatRefusal('invalid refund_fee')
  return request
}

async function accept(
  request: RefundRequest,
  payment: Payment,
  ctx: PayContext,
): Promise<{ payment: Payment; refund: Refund }> {
  const existing = findRefund(payment, request)
  if (existing) {
    const isSame = existing.refundFeeFen === request.refund_fee && payment.totalFeeFen === request.total_fee
    if (!isSame) throw mismatch()
    return { payment, refund: existing }
  }
  const nowMs = ctx.clock.nowMs()
  assertRefundable(request, payment, nowMs)
  const plan = await ctx.plans.take(payment.outTradeNo)
  if (plan.error && !plan.acceptedAnyway)
    throw new PayRefusal(plan.error, plan.errorDescription ?? plan.error)

  const made: Refund = {
    protocol: request.protocol,
    outRefundNo: request.out_refund_no,
    refundId: `50300${compactTime(nowMs)}${decimal(ctx.ids.hex(5), 10)}`,
    refundFeeFen: request.refund_fee,
    refundDesc: request.refund_desc,
    refundAccount: request.refund_account,
    functionName: request.function_name,
    status: 'PROCESSING',
    requestedAtMs: nowMs,
    settleAtMs: nowMs + (plan.settleAfterMs ?? 0),
    planned: {
      status: plan.status ?? 'SUCCESS',
      callback: plan.callback ?? 'normal',
      callbackDelayMs: plan.callbackDelayMs ?? 0,
    },
  }
  const key = paymentKey(payment)
  await ctx.book.putKey('refund', `${payment.subMchId}:${made.outRefundNo}`, key)
  await ctx.book.putKey('refundId', made.refundId, key)
  const changed = { ...payment, refunds: [...payment.refunds, made] }
  await ctx.book.put(changed)
  if (plan.error) {
    // The nastiest case: the refund goes on, but the caller is told that it failed.
    ctx.refunds.arm(changed)
    throw new PayRefusal(plan.error, plan.errorDescription ?? plan.error)
  }
  return { payment: changed, refund: made }
}

function assertRefundable(request: RefundRequest, payment: Payment, nowMs: number): void {
  if (!isPaid(payment)) throw new PayRefusal('TRADE_STATE_ERROR', '订单状态错误')
  if (nowMs - (payment.paidAtMs ?? 0) > REFUND_PERIOD_MS) {
    throw new PayRefusal('TRADE_OVERDUE', '订单已经超过退款期限')
  }
  if (request.total_fee !== payment.totalFeeFen) throw mismatch()
  const leftFen = refundableFen(payment)
  if (leftFen === 0) throw new PayRefusal('ERROR', '订单已全额退款')
  if (request.refund_fee > leftFen) throw new PayRefusal('INVALID_REQUEST', 'refund_fee大于可退金额')
  if (payment.refunds.length >= MOST_REFUNDS) throw new PayRefusal('INVALID_REQUEST', '退款次数超过限制')
}

function mismatch(): PayRefusal {
  return new PayRefusal('REFUND_FEE_MISMATCH', '订单金额或退款金额与之前请求不一致，请核实后再试')
}

function findRefund(payment: Payment | undefined, request: RefundRequest): Refund | undefined {
  return payment?.refunds.find((made) => made.outRefundNo === request.out_refund_no)
}

function replyFields(payment: Payment, made: Refund): Record<string, unknown> {
  return {
    transaction_id: payment.transactionId,
    out_trade_no: payment.outTradeNo,
    out_refund_no: made.outRefundNo,
    refund_id: made.refundId,
    refund_fee: made.refundFeeFen,
    total_fee: payment.totalFeeFen,
    cash_fee: payment.totalFeeFen,
    cash_refund_fee: made.refundFeeFen,
    coupon_refund_fee: 0,
    coupon_refund_count: 0,
    coupon_type_list: [],
    coupon_refund_id_list: [],
    coupon_refund_fee_list: [],
  }
}

function decimal(hex: string, digits: number): string {
  return String(Number.parseInt(hex, 16)).padStart(digits, '0').slice(-digits)
}
