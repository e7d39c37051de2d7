import * as z from 'zod'
import type { Context } from '../_kernel/index.ts'
import { idInput } from '../_kernel/index.ts'
import { denied, stored, toCamelCase } from './notice.ts'
import { settlePayment } from './settle.ts'

const notice = z.object({
  returnCode: z.literal('SUCCESS'),
  outTradeNo: idInput,
  totalFee: z.coerce.number().int(),
})

/**
 * "An order was paid", says somebody. It may come twice, late, or from anybody, so it only makes us ask WeChat. Answered
 * with success once the truth is stored, and never before: everything else is repeated for up to two days.
 */
export const onPaymentNotice = {
  name: 'payment-notice',
  matches: (event: Record<string, unknown>) => {
    const fields = toCamelCase(event)
    return 'returnCode' in fields && 'outTradeNo' in fields && !('outRefundNo' in fields)
  },
  async handle(event: Record<string, unknown>, ctx: Context) {
    // WeChat's own call carries no user (paymentCallback.md): a mini program made this one up.
    if (ctx.caller.kind === 'user') return denied(ctx, 'sent by a user')
    const parsed = notice.safeParse(toCamelCase(event))
    if (!parsed.success) return denied(ctx, 'unreadable')
    const { outTradeNo, totalFee } = parsed.data

    const settlement = await settlePayment(ctx, outTradeNo)
    if (settlement !== 'paid' && settlement !== 'mismatch') return denied(ctx, settlement, outTradeNo)
    ctx.log.info({ orderId: outTradeNo, settlement, claimedFen: totalFee }, 'payment notice')
    return stored
  },
}
