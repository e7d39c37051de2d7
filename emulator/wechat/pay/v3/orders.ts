/** Orders in the words of v3; they live in the same book as those of cloudPay. */
import * as z from 'zod'
import { findPaymentKey, getPayment, sign } from '../api.ts'
import { closeOrder } from '../close-order.ts'
import type { Payment } from '../model.ts'
import { tradeStateOf } from '../model.ts'
import { PREPAY_LIFE_MS, placeOrder, SHORTEST_LIFE_MS } from '../place-order.ts'
import { OWN_MCH_ID, parseV3, underV3Names, type V3Api, type V3Context, V3Refusal } from './api.ts'
import { transactionOf } from './events.ts'

const outTradeNo = z.string().regex(/^[0-9A-Za-z_\-|*]{6,32}$/)
const newOrder = z.object({
  description: z.string().min(1).max(127),
  out_trade_no: outTradeNo,
  amount: z.object({ total: z.int().positive(), currency: z.literal('CNY').default('CNY') }),
  payer: z.object({ openid: z.string().regex(/^[\w-]{20,128}$/) }).optional(),
  attach: z.string().max(128).optional(),
  time_expire: z.iso.datetime({ offset: true }).optional(),
})
const byNumber = z.object({ out_trade_no: outTradeNo })
const byTransaction = z.object({ transaction_id: z.string().regex(/^\d{1,32}$/) })

const NAMES = { ORDERNOTEXIST: 'ORDER_NOT_EXIST', INVALID_REQUEST: 'OUT_TRADE_NO_USED' }

/** `wxpay_order`: places an order and gives what `wx.requestPayment` takes. */
export const placeV3Order: V3Api = async (given, caller, ctx) => {
  const order = parseV3(newOrder, given)
  const openid = order.payer?.openid ?? caller.openid
  if (openid === undefined) throw new V3Refusal('PARAM_ERROR', '参数错误: payer.openid')
  const payment = await underV3Names(NAMES, () =>
    placeOrder(
      {
        protocol: 'v3',
        subMchId: OWN_MCH_ID,
        outTradeNo: order.out_trade_no,
        body: order.description,
        attach: order.attach,
        tradeType: 'JSAPI',
        feeType: order.amount.currency,
        totalFeeFen: order.amount.total,
        openid,
        functionName: ctx.settings.callbacks().order,
        expiresAtMs: expiryOf(order.time_expire, ctx.clock.nowMs()),
        fingerprint: JSON.stringify([
          'v3',
          order.description,
          order.amount.total,
          order.attach ?? '',
          order.time_expire ?? '',
          openid,
        ]),
      },
      ctx,
    ),
  )
  return paymentParameters(payment, ctx)
}

/** `wxpay_query_order_by_out_trade_no` */
export const queryV3OrderByNumber: V3Api = async (given, _caller, ctx) =>
  queried({ out_trade_no: parseV3(byNumber, given).out_trade_no }, ctx)

/** `wxpay_query_order_by_transaction_id` */
export const queryV3OrderByTransaction: V3Api = async (given, _caller, ctx) =>
  queried({ transaction_id: parseV3(byTransaction, given).transaction_id }, ctx)

/** `wxpay_close_order`: answers nothing, as v3 does (HTTP 204). */
export const closeV3Order: V3Api = async (given, caller, ctx) => {
  const { out_trade_no } = parseV3(byNumber, given)
  const names = { ORDERNOTEXIST: 'ORDER_NOT_EXIST' }
  await underV3Names(names, () => closeOrder({ sub_mch_id: OWN_MCH_ID, out_trade_no }, caller, ctx))
  return null
}

function queried(by: { out_trade_no: string } | { transaction_id: string }, ctx: V3Context) {
  return underV3Names(NAMES, async () => {
    const payment = getPayment(findPaymentKey({ sub_mch_id: OWN_MCH_ID, ...by }, ctx.book), ctx.book)
    return transactionOf(payment, tradeStateOf(payment, ctx.clock.nowMs()), ctx.appid)
  })
}

function expiryOf(timeExpire: string | undefined, nowMs: number): number {
  const expiresAtMs = timeExpire === undefined ? nowMs + PREPAY_LIFE_MS : Date.parse(timeExpire)
  if (expiresAtMs - nowMs < SHORTEST_LIFE_MS) throw new V3Refusal('PARAM_ERROR', '参数错误: time_expire')
  return expiresAtMs
}

/** `package` under both names that clients of the template read. */
function paymentParameters(payment: Payment, ctx: V3Context): Record<string, string> {
  const signed = {
    appId: ctx.appid,
    timeStamp: String(Math.floor(ctx.clock.nowMs() / 1000)),
    nonceStr: ctx.ids.hex(16),
    package: `prepay_id=${payment.prepayId}`,
    signType: 'RSA',
  }
  return {
    ...signed,
    packageVal: signed.package,
    paySign: sign(signed),
    prepay_id: payment.prepayId,
    out_trade_no: payment.outTradeNo,
  }
}
