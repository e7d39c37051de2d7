/** The events that WeChat Pay sends to a function: camelCase fields as the manual of cloudPay shows them, or those of v3. */
import { createHash } from 'node:crypto'
import type { Ids } from '../../core/ids.ts'
import { PROVIDER_APPID, PROVIDER_MCH_ID } from './api.ts'
import { compactTime, spacedTime } from './china-time.ts'
import type { Payment, Refund } from './model.ts'
import { refundNoticeOf, transactionOf, v3Event } from './v3/events.ts'

const BANK_TYPE = 'OTHERS'

export function paymentEvent(payment: Payment, appid: string, ids: Ids): Record<string, unknown> {
  if (payment.protocol === 'v3') return v3Event('transaction', transactionOf(payment, 'SUCCESS', appid), ids)
  return {
    ...sender(payment, appid, ids),
    resultCode: 'SUCCESS',
    openid: providerOpenid(payment.openid, PROVIDER_APPID),
    isSubscribe: 'N',
    subOpenid: payment.openid,
    subIsSubscribe: 'N',
    tradeType: payment.tradeType,
    bankType: BANK_TYPE,
    totalFee: payment.totalFeeFen,
    feeType: payment.feeType,
    cashFee: payment.totalFeeFen,
    transactionId: payment.transactionId,
    outTradeNo: payment.outTradeNo,
    timeEnd: compactTime(payment.paidAtMs ?? 0),
    ...(payment.attach !== undefined && { attach: payment.attach }),
  }
}

export function refundEvent(
  payment: Payment,
  refund: Refund,
  appid: string,
  ids: Ids,
): Record<string, unknown> {
  if (refund.protocol === 'v3') return v3Event('refund', refundNoticeOf(payment, refund), ids)
  return {
    ...sender(payment, appid, ids),
    transactionId: payment.transactionId,
    outTradeNo: payment.outTradeNo,
    refundId: refund.refundId,
    outRefundNo: refund.outRefundNo,
    totalFee: payment.totalFeeFen,
    settlementTotalFee: payment.totalFeeFen,
    refundFee: refund.refundFeeFen,
    settlementRefundFee: refund.refundFeeFen,
    refundStatus: refund.status,
    // Only a refund that succeeded has a time of success.
    successTime: refund.status === 'SUCCESS' ? spacedTime(refund.settledAtMs ?? 0) : '',
    refundRecvAccout: '支付用户零钱',
    refundAccount: refund.refundAccount,
    refundRequestSource: 'API',
  }
}

/** What `queryOrder` tells of a payment that was paid. */
export function paidFields(payment: Payment): Record<string, unknown> {
  return {
    trade_type: payment.tradeType,
    bank_type: BANK_TYPE,
    total_fee: payment.totalFeeFen,
    fee_type: payment.feeType,
    cash_fee: payment.totalFeeFen,
    transaction_id: payment.transactionId,
    time_end: compactTime(payment.paidAtMs ?? 0),
  }
}

/** The same user has another openid under the provider's appid. */
export function providerOpenid(openid: string, providerAppid: string): string {
  return `o${createHash('sha256').update(`${providerAppid}:${openid}`).digest('base64url').slice(0, 27)}`
}

function sender(payment: Payment, appid: string, ids: Ids): Record<string, unknown> {
  return {
    returnCode: 'SUCCESS',
    appid: PROVIDER_APPID,
    mchId: PROVIDER_MCH_ID,
    subAppid: appid,
    subMchId: payment.subMchId,
    nonceStr: ids.hex(8),
  }
}
