/**
 * WeChat Pay as `cloud.cloudPay` offers it, parsed. The SDK overwrites `errCode` of every reply with 0
 * (wx-server-sdk 4.0.2 `cloudpay/namespace/generic.ts`), so a refusal says only *that* it is one, in words: whoever needs
 * to know why asks `queryOrder` for the truth instead of reading them.
 */
import * as z from 'zod'
import { type Context, callOutside, text } from '../_kernel/index.ts'
import { compactTime, parseCompactTime } from './china-time.ts'
import type { Payment } from './model.ts'
import { outRefundNo, type Refund } from './refund-model.ts'

export type Answer<R> = { accepted: true; reply: R } | { accepted: false; why: string }

/** Whose function is called back. */
const CALLBACK_FUNCTION = 'payment'

const header = z.object({
  returnCode: z.string().optional(),
  returnMsg: z.string().optional(),
  resultCode: z.string().optional(),
  errCodeDes: z.string().optional(),
})

const prepaid = z.object({
  payment: z.object({
    timeStamp: text,
    nonceStr: text,
    package: text,
    signType: text,
    paySign: text,
  }),
})

/** Amounts have been seen as numbers and as text of digits. */
const fen = z.coerce.number().int().min(0)

const trade = z.object({
  tradeState: text,
  outTradeNo: text,
  totalFee: fen.optional(),
  transactionId: z.string().optional(),
  timeEnd: z.string().optional(),
})

/** Asks WeChat to take money for an order; the same payment again gives fresh parameters for `wx.requestPayment`. */
export function requestPayment(ctx: Context, payment: Payment) {
  return call(ctx, 'unifiedOrder', prepaid, {
    ...callback(ctx),
    body: payment.body,
    outTradeNo: payment._id,
    totalFee: payment.amountFen,
    spbillCreateIp: payment.clientIp,
    timeExpire: compactTime(payment.expiresAtMs),
    tradeType: 'JSAPI',
  })
}

export interface Trade {
  /** Has the user's money arrived? A refunded trade was paid as well. */
  paid: { totalFen: number; transactionId: string; paidAtMs: number } | null
  /** Can it still be paid? */
  isOver: boolean
}

/** The truth about a payment. Not accepted: WeChat does not know it, or could not say. */
export async function queryTrade(ctx: Context, outTradeNo: string): Promise<Answer<Trade>> {
  const answer = await call(ctx, 'queryOrder', trade, { outTradeNo })
  if (!answer.accepted) return answer
  const { tradeState, totalFee, transactionId, timeEnd = '', ...rest } = answer.reply
  if (rest.outTradeNo !== outTradeNo) return { accepted: false, why: 'about another order' }
  const isPaid = tradeState === 'SUCCESS' || tradeState === 'REFUND'
  if (!isPaid) {
    return {
      accepted: true,
      reply: { paid: null, isOver: tradeState === 'CLOSED' || tradeState === 'REVOKED' },
    }
  }
  if (totalFee === undefined || transactionId === undefined) return { accepted: false, why: 'without amount' }
  const paidAtMs = parseCompactTime(timeEnd) ?? ctx.clock.nowMs()
  return { accepted: true, reply: { paid: { totalFen: totalFee, transactionId, paidAtMs }, isOver: true } }
}

/** Not accepted also when it was paid or closed before: ask `queryTrade` which. */
export function closeTrade(ctx: Context, outTradeNo: string) {
  return call(ctx, 'closeOrder', z.object({}), { outTradeNo })
}

/** Accepted means that WeChat will try; the same number and amounts again are the same refund. */
export function sendRefundRequest(ctx: Context, refund: Refund) {
  return call(ctx, 'refund', z.object({ refundId: z.string() }), {
    ...callback(ctx),
    outTradeNo: refund.orderId,
    outRefundNo: outRefundNo(refund),
    totalFee: refund.totalFen,
    refundFee: refund.refundFen,
    refundDesc: refund.reason.slice(0, 26),
  })
}

/**
 * Does WeChat know this refund? No more can be learnt: the lists with states and amounts come back empty on the platform
 * (a defect known since 2023).
 */
export async function isRefundKnown(ctx: Context, refund: Refund): Promise<boolean> {
  const answer = await call(ctx, 'queryRefund', z.object({ totalFee: fen, refundCount: fen }), {
    outRefundNo: outRefundNo(refund),
  })
  return answer.accepted && answer.reply.refundCount > 0 && answer.reply.totalFee === refund.totalFen
}

/** A day's bill as text; undefined when WeChat has none (not yet, or nothing moved). */
export async function fetchBill(ctx: Context, day: string): Promise<string | undefined> {
  const raw = await callOutside('wechat-pay', () =>
    invoke(ctx, 'downloadBill', { billDate: day, billType: 'ALL', subMchId: ctx.settings.SUB_MCH_ID }),
  )
  return z.object({ data: z.string().optional() }).parse(raw).data
}

async function call<S extends z.ZodType>(
  ctx: Context,
  api: string,
  schema: S,
  data: object,
): Promise<Answer<z.output<S>>> {
  const raw = await callOutside('wechat-pay', () =>
    invoke(ctx, api, { ...data, subMchId: ctx.settings.SUB_MCH_ID, nonceStr: ctx.ids.next('n') }),
  )
  const { returnCode, resultCode, errCodeDes, returnMsg } = header.parse(raw)
  const parsed = schema.safeParse(raw)
  if (returnCode === 'SUCCESS' && resultCode === 'SUCCESS' && parsed.success) {
    return { accepted: true, reply: parsed.data }
  }
  const why = errCodeDes ?? (returnCode === 'SUCCESS' ? 'unreadable reply' : (returnMsg ?? 'no reason given'))
  ctx.log.info({ api, why, returnCode, resultCode }, 'WeChat Pay refused')
  return { accepted: false, why }
}

function invoke(ctx: Context, api: string, data: object): Promise<Record<string, unknown>> {
  const method = ctx.cloud.cloudPay[api]
  if (!method) throw new Error(`cloudPay has no ${api}`)
  return method(data)
}

function callback(ctx: Context): { functionName: string; envId: string } {
  return { functionName: CALLBACK_FUNCTION, envId: ctx.cloud.getWXContext().ENV ?? '' }
}
