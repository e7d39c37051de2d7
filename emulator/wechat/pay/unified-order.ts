import { type PayApi, type PayContext, sign } from './api.ts'
import { parseCompactTime } from './china-time.ts'
import { parseFields, unifiedOrderFields } from './fields.ts'
import type { Payment } from './model.ts'
import { type NewOrder, PREPAY_LIFE_MS, placeOrder, SHORTEST_LIFE_MS } from './place-order.ts'
import { PayFormatRefusal } from './refusals.ts'

/** `unifiedOrder`: places an order that the user can pay, or finds the same one again. */
export const unifiedOrder: PayApi = async (given, caller, ctx) => {
  const fields = parseFields(unifiedOrderFields, given)
  const isForOneUser = fields.trade_type === 'JSAPI'
  const openid = isForOneUser ? (fields.sub_openid ?? caller.openid ?? fields.openid) : ''
  if (openid === undefined) throw new PayFormatRefusal('JSAPI支付必须传openid')
  if (fields.trade_type === 'NATIVE' && !fields.product_id) throw new PayFormatRefusal('缺少参数product_id')
  const nowMs = ctx.clock.nowMs()
  const expiresAtMs = expiryOf(fields.time_expire, nowMs)

  const order: NewOrder = {
    subMchId: fields.sub_mch_id,
    outTradeNo: fields.out_trade_no,
    body: fields.body,
    attach: fields.attach,
    deviceInfo: fields.device_info,
    tradeType: fields.trade_type,
    feeType: fields.fee_type,
    totalFeeFen: fields.total_fee,
    openid,
    functionName: fields.function_name,
    expiresAtMs,
    fingerprint: JSON.stringify([
      fields.body,
      fields.total_fee,
      fields.attach ?? '',
      fields.detail ?? '',
      fields.device_info ?? '',
      fields.trade_type,
      fields.time_expire ?? '',
      openid,
    ]),
  }
  const payment = await placeOrder(order, ctx)
  return {
    subMchId: payment.subMchId,
    fields: {
      trade_type: payment.tradeType,
      prepay_id: payment.prepayId,
      ...waysToPay(payment, nowMs, ctx),
    },
  }
}

function expiryOf(timeExpire: string | undefined, nowMs: number): number {
  const expiresAtMs = (timeExpire && parseCompactTime(timeExpire)) || nowMs + PREPAY_LIFE_MS
  if (expiresAtMs - nowMs < SHORTEST_LIFE_MS) throw new PayFormatRefusal('invalid time_expire')
  return expiresAtMs
}

/** Where the user pays: on the page, after scanning a code, or in a browser. */
function waysToPay(payment: Payment, nowMs: number, ctx: PayContext): Record<string, unknown> {
  if (payment.tradeType === 'NATIVE') {
    return { code_url: `weixin://wxpay/bizpayurl?pr=${payment.prepayId.slice(-10)}` }
  }
  if (payment.tradeType === 'MWEB') {
    return { mweb_url: `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${payment.prepayId}` }
  }
  return { payment: paymentParameters(payment.prepayId, nowMs, ctx) }
}

/** What `wx.requestPayment` takes; already camelCase, as the platform sends it. */
function paymentParameters(prepayId: string, nowMs: number, ctx: PayContext): Record<string, string> {
  const signed = {
    appId: ctx.appid,
    timeStamp: String(Math.floor(nowMs / 1000)),
    nonceStr: ctx.ids.hex(8),
    package: `prepay_id=${prepayId}`,
    signType: 'MD5',
  }
  return { ...signed, paySign: sign(signed) }
}
