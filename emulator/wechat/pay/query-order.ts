import { findPaymentKey, getPayment, type PayApi, PROVIDER_APPID } from './api.ts'
import { parseFields, queryOrderFields } from './fields.ts'
import { isPaid, tradeStateOf } from './model.ts'
import { paidFields, providerOpenid } from './notice-events.ts'
import { PayFormatRefusal } from './refusals.ts'

const DESCRIPTIONS = {
  NOTPAY: '订单未支付',
  USERPAYING: '用户支付中，需要输入密码',
  PAYERROR: '支付失败，请重新下单支付',
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款，退款详情请查询退款单',
  CLOSED: '订单已关闭',
} as const

/** `queryOrder`: the truth about a payment. Amounts only when it was paid, as the v2 manual says. */
export const queryOrder: PayApi = async (given, _caller, ctx) => {
  const fields = parseFields(queryOrderFields, given)
  if (!fields.transaction_id && !fields.out_trade_no) throw new PayFormatRefusal('缺少参数out_trade_no')
  const payment = getPayment(findPaymentKey(fields, ctx.book), ctx.book)
  const state = tradeStateOf(payment, ctx.clock.nowMs())
  const paid = isPaid(payment) && {
    openid: providerOpenid(payment.openid, PROVIDER_APPID),
    is_subscribe: 'N',
    sub_openid: payment.openid,
    sub_is_subscribe: 'N',
    ...paidFields(payment),
  }
  return {
    subMchId: payment.subMchId,
    fields: {
      ...paid,
      out_trade_no: payment.outTradeNo,
      attach: payment.attach ?? '',
      trade_state: state,
      trade_state_desc: DESCRIPTIONS[state],
    },
  }
}
