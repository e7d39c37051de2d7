/** Refunds in the words of v3. */
import * as z from 'zod'
import { takeRefund } from '../refund.ts'
import { OWN_MCH_ID, parseV3, underV3Names, type V3Api, V3Refusal } from './api.ts'
import { refundOf } from './events.ts'

const outRefundNo = z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/)
const newRefund = z
  .object({
    out_trade_no: z.string().min(1).max(32).optional(),
    transaction_id: z.string().min(1).max(32).optional(),
    out_refund_no: outRefundNo,
    reason: z.string().max(80).optional(),
    amount: z.object({
      refund: z.int().positive(),
      total: z.int().positive(),
      currency: z.literal('CNY').default('CNY'),
    }),
  })
  .refine((given) => given.out_trade_no !== undefined || given.transaction_id !== undefined, {
    path: ['out_trade_no'],
  })
const byNumber = z.object({ out_refund_no: outRefundNo })

const NAMES = {
  ORDERNOTEXIST: 'RESOURCE_NOT_EXISTS',
  TRADE_STATE_ERROR: 'INVALID_REQUEST',
  TRADE_OVERDUE: 'INVALID_REQUEST',
  REFUND_FEE_MISMATCH: 'INVALID_REQUEST',
  ERROR: 'INVALID_REQUEST',
}

/** `wxpay_refund`: takes a refund on. The same number and amount again is the same refund. */
export const requestV3Refund: V3Api = async (given, _caller, ctx) => {
  const { amount, reason, ...numbers } = parseV3(newRefund, given)
  if (amount.refund > amount.total) throw new V3Refusal('PARAM_ERROR', '参数错误: amount.refund')
  const request = {
    ...numbers,
    protocol: 'v3' as const,
    sub_mch_id: OWN_MCH_ID,
    function_name: ctx.settings.callbacks().refund,
    total_fee: amount.total,
    refund_fee: amount.refund,
    refund_desc: reason,
    refund_account: 'AVAILABLE',
  }
  const { payment, refund } = await underV3Names(NAMES, () => takeRefund(request, ctx))
  return refundOf(payment, refund)
}

/** `wxpay_refund_query`: unlike v2's, it tells how the refund stands. */
export const queryV3Refund: V3Api = async (given, _caller, ctx) => {
  const { out_refund_no: number } = parseV3(byNumber, given)
  const payment = ctx.book.find(ctx.book.findKey('refund', `${OWN_MCH_ID}:${number}`) ?? '')
  const refund = payment?.refunds.find((one) => one.outRefundNo === number)
  if (!payment || !refund) throw new V3Refusal('RESOURCE_NOT_EXISTS', '退款单不存在')
  return refundOf(payment, refund)
}
