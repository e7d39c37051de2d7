import { type PayApi, type PayContext, sign } from './api.ts'
import { paymentKey } from './book.ts'
import { compactTime, parseCompactTime } from './china-time.ts'
import { parseFields, unifiedOrderFields } from './fields.ts'
import { isPaid, type Payment, tradeStateOf } from './model.ts'
import { orderClosed, orderPaid, PayFormatRefusal, PayRefusal } from './refusals.ts'

/** A prepay session lives two hours, and so does an order that names no end of its own. */
const PREPAY_LIFE_MS = 2 * 3_600_000
const SHORTEST_LIFE_MS = 60_000

/** `unifiedOrder`: places an order that the user can pay, or finds the same one again. */
export const unifiedOrder: PayApi = async (given, caller, ctx) => {
  const fields = parseFields(unifiedOrderFields, given)
  if (fields.env_id !== ctx.envId) throw new PayFormatRefusal('invalid env_id')
  const openid = fields.sub_openid ?? caller.openid ?? fields.openid
  if (openid === undefined) throw new PayFormatRefusal('JSAPI支付必须传openid')
  const nowMs = ctx.clock.nowMs()
  const expiresAtMs = expiryOf(fields.time_expire, nowMs)

  const wanted: Payment = {
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
    createdAtMs: nowMs,
    expiresAtMs,
    prepayId: `wx${compactTime(nowMs)}${ctx.ids.hex(10)}`,
    state: 'NOTPAY',
    refunds: [],
    notices: [],
  }
  const payment = await ctx.serially(paymentKey(wanted), () => placeOrFind(wanted, ctx))
  return {
    subMchId: payment.subMchId,
    fields: {
      trade_type: payment.tradeType,
      prepay_id: payment.prepayId,
      payment: paymentParameters(payment.prepayId, nowMs, ctx),
    },
  }
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

function expiryOf(timeExpire: string | undefined, nowMs: number): number {
  const expiresAtMs = (timeExpire && parseCompactTime(timeExpire)) || nowMs + PREPAY_LIFE_MS
  if (expiresAtMs - nowMs < SHORTEST_LIFE_MS) throw new PayFormatRefusal('invalid time_expire')
  return expiresAtMs
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
