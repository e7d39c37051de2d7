/** What v3 tells of payments and refunds: in notices and in answers to queries. */
import type { Ids } from '../../../core/ids.ts'
import { zonedTime } from '../china-time.ts'
import type { Payment, Refund, RefundStatus, TradeState } from '../model.ts'

const CURRENCY = 'CNY'

/** A payment as v3 has it; what only a paid one has is left out of others. */
export function transactionOf(payment: Payment, state: TradeState, appid: string): Record<string, unknown> {
  const isPaid = payment.transactionId !== undefined
  return {
    appid,
    mchid: payment.subMchId,
    out_trade_no: payment.outTradeNo,
    trade_state: state,
    trade_state_desc: DESCRIPTIONS[state],
    attach: payment.attach ?? '',
    promotion_detail: [],
    amount: {
      total: payment.totalFeeFen,
      currency: CURRENCY,
      ...(isPaid && { payer_total: payment.totalFeeFen, payer_currency: CURRENCY }),
    },
    payer: { openid: payment.openid },
    ...(isPaid && {
      transaction_id: payment.transactionId,
      trade_type: payment.tradeType,
      bank_type: 'OTHERS',
      success_time: zonedTime(payment.paidAtMs ?? 0),
    }),
  }
}

/** A refund as `wxpay_refund` and `wxpay_refund_query` answer it. */
export function refundOf(payment: Payment, refund: Refund): Record<string, unknown> {
  return {
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: payment.transactionId,
    out_trade_no: payment.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: RECEIVED_BY,
    create_time: zonedTime(refund.requestedAtMs),
    ...(refund.status === 'SUCCESS' && { success_time: zonedTime(refund.settledAtMs ?? 0) }),
    status: REFUND_STATUS[refund.status],
    funds_account: 'AVAILABLE',
    amount: {
      total: payment.totalFeeFen,
      refund: refund.refundFeeFen,
      payer_total: payment.totalFeeFen,
      payer_refund: refund.refundFeeFen,
      settlement_refund: refund.refundFeeFen,
      settlement_total: payment.totalFeeFen,
      discount_refund: 0,
      currency: CURRENCY,
    },
    promotion_detail: [],
  }
}

/** A refund as its notice tells it: other names for a part of the same. */
export function refundNoticeOf(payment: Payment, refund: Refund): Record<string, unknown> {
  return {
    mchid: payment.subMchId,
    out_trade_no: payment.outTradeNo,
    transaction_id: payment.transactionId,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundId,
    refund_status: REFUND_STATUS[refund.status],
    ...(refund.status === 'SUCCESS' && { success_time: zonedTime(refund.settledAtMs ?? 0) }),
    user_received_account: RECEIVED_BY,
    amount: {
      total: payment.totalFeeFen,
      refund: refund.refundFeeFen,
      payer_total: payment.totalFeeFen,
      payer_refund: refund.refundFeeFen,
    },
  }
}

/**
 * A notice with its resource in plain text, as the platform hands it on after it has decrypted it: functions of the
 * template read `resource.json`, HTTP functions of the integration centre `ParsedContent`.
 */
export function v3Event(
  type: 'transaction' | 'refund',
  content: Record<string, unknown>,
  ids: Ids,
): Record<string, unknown> {
  const state = type === 'transaction' ? content.trade_state : content.refund_status
  return {
    id: ids.requestId(),
    create_time: content.success_time,
    resource_type: 'encrypt-resource',
    event_type: `${type.toUpperCase()}.${state}`,
    summary: type === 'transaction' ? '支付成功' : '退款通知',
    resource: { original_type: type, algorithm: 'AEAD_AES_256_GCM', json: content },
    ParsedContent: content,
  }
}

const RECEIVED_BY = '支付用户零钱'

const DESCRIPTIONS: Record<TradeState, string> = {
  NOTPAY: '订单未支付',
  USERPAYING: '用户支付中',
  PAYERROR: '支付失败',
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款，退款详情请查询退款单',
  CLOSED: '订单已关闭',
}

const REFUND_STATUS: Record<RefundStatus, string> = {
  PROCESSING: 'PROCESSING',
  SUCCESS: 'SUCCESS',
  CHANGE: 'ABNORMAL',
  REFUNDCLOSE: 'CLOSED',
}
