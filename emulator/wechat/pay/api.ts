import { createHash } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { Serial } from '../serial.ts'
import { type PaymentBook, paymentKey } from './book.ts'
import type { Payment } from './model.ts'
import type { Notices } from './notices.ts'
import type { RefundPlans } from './refund-plans.ts'
import type { Refunds } from './refunds.ts'
import { orderNotExist, PayFormatRefusal, PayRefusal } from './refusals.ts'

/** One pay API: fields with snake_case names in and out. Bytes are a file (the bill). */
export type PayApi = (
  fields: Record<string, unknown>,
  caller: { openid?: string },
  ctx: PayContext,
) => Promise<PayReply>

export type PayReply = { subMchId: string; fields: Record<string, unknown> } | { file: Uint8Array }

export interface PayContext {
  appid: string
  clock: Clock
  ids: Ids
  book: PaymentBook
  /** Keyed by `paymentKey`: everything that reads and then writes a payment runs under it. */
  serially: Serial
  notices: Notices
  refunds: Refunds
  plans: RefundPlans
}

/** The service provider that stands between WeChat Pay and the merchant; ours is made up. */
export const PROVIDER_APPID = 'wxprovider0000000'
export const PROVIDER_MCH_ID = '1800000000'
const SIGN_KEY = 'local-cloud-signs-with-this-key-'

/** Runs an API and answers as WeChat Pay does, refusals included. */
export async function answer(
  api: PayApi,
  fields: Record<string, unknown>,
  caller: { openid?: string },
  ctx: PayContext,
): Promise<Record<string, unknown> | Uint8Array> {
  try {
    const reply = await api(fields, caller, ctx)
    if ('file' in reply) return reply.file
    return envelope({ sub_mch_id: reply.subMchId, result_code: 'SUCCESS', ...reply.fields }, ctx)
  } catch (error) {
    if (error instanceof PayFormatRefusal) {
      return { return_code: 'FAIL', return_msg: error.returnMsg, error_code: error.errorCode }
    }
    if (!(error instanceof PayRefusal)) throw error
    const refusal = { result_code: 'FAIL', err_code: error.errCode, err_code_des: error.errCodeDes }
    return envelope({ sub_mch_id: fields.sub_mch_id, ...refusal }, ctx)
  }
}

/** `sign` of WeChat Pay v2: MD5 over the sorted fields and the key. */
export function sign(fields: Record<string, unknown>): string {
  const text = Object.keys(fields)
    .filter((name) => fields[name] !== undefined && fields[name] !== '')
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&')
  return createHash('md5').update(`${text}&key=${SIGN_KEY}`).digest('hex').toUpperCase()
}

/** The payment that a request names, by `transaction_id` or `out_trade_no`. */
export function findPaymentKey(
  by: { sub_mch_id: string; transaction_id?: string; out_trade_no?: string },
  book: PaymentBook,
): string | undefined {
  const key = by.transaction_id
    ? book.findKey('transaction', by.transaction_id)
    : paymentKey({ subMchId: by.sub_mch_id, outTradeNo: by.out_trade_no ?? '' })
  const payment = key === undefined ? undefined : book.find(key)
  if (payment?.subMchId !== by.sub_mch_id) return undefined
  return by.out_trade_no && payment.outTradeNo !== by.out_trade_no ? undefined : key
}

export function getPayment(key: string | undefined, book: PaymentBook): Payment {
  const payment = key === undefined ? undefined : book.find(key)
  if (!payment) throw orderNotExist()
  return payment
}

function envelope(fields: Record<string, unknown>, ctx: PayContext): Record<string, unknown> {
  const reply = {
    return_code: 'SUCCESS',
    return_msg: 'OK',
    appid: PROVIDER_APPID,
    mch_id: PROVIDER_MCH_ID,
    sub_appid: ctx.appid,
    nonce_str: ctx.ids.hex(8),
    ...fields,
  }
  return { ...reply, sign: sign(reply) }
}
