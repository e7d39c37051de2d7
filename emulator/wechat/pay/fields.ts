/** The fields of pay requests as WeChat Pay v2 limits them, in the snake_case of the wire. */
import * as z from 'zod'
import { parseCompactTime } from './china-time.ts'
import { PayFormatRefusal } from './refusals.ts'

const text = (most: number) => z.string().min(1).max(most)
const fen = z.int().positive()
const functionName = z.string().regex(/^[A-Za-z][\w-]{0,59}$/)
const subMchId = z.string().regex(/^\d{1,32}$/)
/** Digits, letters and `_-|*`; refund numbers allow `@` as well. */
const outTradeNo = z.string().regex(/^[0-9A-Za-z_\-|*]{1,32}$/)
const outRefundNo = z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/)
const transactionId = z.string().regex(/^\d{1,32}$/)
const time = z
  .string()
  .regex(/^\d{14}$/)
  .refine((value) => parseCompactTime(value) !== undefined)
const openid = z.string().regex(/^[\w-]{20,128}$/)
const ip = z.union([z.ipv4(), z.ipv6()])

export const unifiedOrderFields = z.object({
  function_name: functionName,
  // Projects name their own environment here; whatever its id, the one there is is meant.
  env_id: text(64),
  sub_mch_id: subMchId,
  body: text(128),
  out_trade_no: outTradeNo,
  total_fee: fen,
  spbill_create_ip: ip,
  nonce_str: text(32).optional(),
  trade_type: z.enum(['JSAPI', 'NATIVE', 'APP', 'MWEB']).default('JSAPI'),
  openid: openid.optional(),
  sub_openid: openid.optional(),
  product_id: text(32).optional(),
  attach: z.string().max(127).optional(),
  detail: z.string().max(6000).optional(),
  device_info: text(32).optional(),
  fee_type: z.literal('CNY').default('CNY'),
  time_start: time.optional(),
  time_expire: time.optional(),
})

const orderNumbers = {
  sub_mch_id: subMchId,
  nonce_str: text(32).optional(),
  transaction_id: transactionId.optional(),
  out_trade_no: outTradeNo.optional(),
}

export const queryOrderFields = z.object(orderNumbers)

export const closeOrderFields = z.object({ ...orderNumbers, out_trade_no: outTradeNo })

export const refundFields = z.object({
  ...orderNumbers,
  function_name: functionName.optional(),
  env_id: text(64).optional(),
  out_refund_no: outRefundNo,
  total_fee: fen,
  refund_fee: fen,
  refund_desc: z.string().max(80).optional(),
  refund_account: text(30).default('REFUND_SOURCE_UNSETTLED_FUNDS'),
})

export const queryRefundFields = z.object({
  ...orderNumbers,
  out_refund_no: outRefundNo.optional(),
  refund_id: z.string().max(32).optional(),
})

export const downloadBillFields = z.object({
  sub_mch_id: subMchId.optional(),
  nonce_str: text(32).optional(),
  bill_date: z.string().regex(/^\d{8}$/),
  bill_type: z.enum(['ALL', 'SUCCESS', 'REFUND']).default('ALL'),
  tar_type: z.literal('GZIP').optional(),
})

/** The parsed fields, or WeChat Pay's refusal that names the first wrong one. */
export function parseFields<Schema extends z.ZodType>(
  schema: Schema,
  given: Record<string, unknown>,
): z.output<Schema> {
  const present = Object.entries(given).filter(([, value]) => value !== null && value !== '')
  const parsed = schema.safeParse(Object.fromEntries(present))
  if (parsed.success) return parsed.data
  const name = String(parsed.error.issues[0]?.path[0] ?? 'request')
  const isMissing = !present.some(([key]) => key === name)
  throw new PayFormatRefusal(isMissing ? `缺少参数${name}` : `invalid ${name}`)
}
