import { findPaymentKey, getPayment, type PayApi } from './api.ts'
import { parseFields, queryRefundFields } from './fields.ts'
import { PayFormatRefusal, PayRefusal } from './refusals.ts'

/**
 * `queryRefund`: how many refunds a payment has, and no more. The platform leaves every list empty (a defect known
 * since 2023), so whoever needs a refund's state must keep it from the callback; we repeat the defect on purpose.
 */
export const queryRefund: PayApi = async (given, _caller, ctx) => {
  const fields = parseFields(queryRefundFields, given)
  const { sub_mch_id: subMchId, out_refund_no: outRefundNo, refund_id: refundId } = fields
  if (!fields.transaction_id && !fields.out_trade_no && !outRefundNo && !refundId) {
    throw new PayFormatRefusal('缺少参数out_refund_no')
  }
  const key = refundId
    ? ctx.book.findKey('refundId', refundId)
    : outRefundNo
      ? ctx.book.findKey('refund', `${subMchId}:${outRefundNo}`)
      : findPaymentKey(fields, ctx.book)
  const payment = getPayment(key, ctx.book)
  const found = payment.refunds.filter(
    (refund) =>
      (!outRefundNo || refund.outRefundNo === outRefundNo) && (!refundId || refund.refundId === refundId),
  )
  if (found.length === 0 || payment.subMchId !== subMchId)
    throw new PayRefusal('REFUNDNOTEXIST', '退款订单查询失败')
  return {
    subMchId,
    fields: {
      transaction_id: payment.transactionId,
      out_trade_no: payment.outTradeNo,
      total_fee: payment.totalFeeFen,
      cash_fee: payment.totalFeeFen,
      refund_count: found.length,
      ...Object.fromEntries(EMPTY_LISTS.map((name) => [name, []])),
    },
  }
}

const EMPTY_LISTS = [
  'out_refund_no_list',
  'refund_id_list',
  'refund_channel_list',
  'refund_fee_list',
  'refund_status_list',
  'refund_account_list',
  'refund_recv_accout_list',
  'refund_success_time_list',
]
