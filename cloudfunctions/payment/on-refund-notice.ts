import * as z from 'zod'
import type { Context } from '../_kernel/index.ts'
import { idInput } from '../_kernel/index.ts'
import { parseCompactTime } from './china-time.ts'
import { endRefund } from './end-refund.ts'
import { denied, stored, toCamelCase } from './notice.ts'
import { MAX_ATTEMPTS, moveRefund, parseOutRefundNo, type Refund, retryAtMs } from './refund-model.ts'
import { reopenRefund } from './request-refund.ts'
import { sendRefund } from './send-refund.ts'
import { movedRefund, refunds } from './store.ts'
import { isRefundKnown } from './wechat-pay.ts'

const notice = z.object({
  outTradeNo: idInput,
  outRefundNo: idInput,
  refundId: idInput,
  refundFee: z.coerce.number().int(),
  totalFee: z.coerce.number().int(),
  refundStatus: z.enum(['SUCCESS', 'CHANGE', 'REFUNDCLOSE']),
  successTime: z.string().default(''),
})

/**
 * "A refund has ended", says somebody. No query tells a refund's state, so a notice is believed when everything in it is
 * what we know (order, both amounts), WeChat knows the refund, and it carries WeChat's own refund number, which nobody
 * but WeChat and this database has seen. A lost notice is made good by the next day's bill.
 */
export const onRefundNotice = {
  name: 'refund-notice',
  matches: (event: Record<string, unknown>) => 'outRefundNo' in toCamelCase(event),
  async handle(event: Record<string, unknown>, ctx: Context) {
    if (ctx.caller.kind === 'user') return denied(ctx, 'sent by a user')
    const parsed = notice.safeParse(toCamelCase(event))
    if (!parsed.success) return denied(ctx, 'unreadable')
    const claim = parsed.data
    const { refundId, round } = parseOutRefundNo(claim.outRefundNo)

    const known = await ctx.db.find(refunds, refundId)
    if (!known || known.orderId !== claim.outTradeNo) return denied(ctx, 'no such refund', refundId)
    if (known.refundFen !== claim.refundFee || known.totalFen !== claim.totalFee) {
      return denied(ctx, 'other amounts', refundId)
    }
    const isSuccess = claim.refundStatus === 'SUCCESS'
    if (known.state === 'succeeded') return isSuccess ? stored : denied(ctx, 'succeeded before', refundId)
    if (round < known.round && !isSuccess) return stored
    if (round !== known.round) return denied(ctx, 'another round', refundId)
    if (known.state === 'failed' && !isSuccess) return stored

    const refund = await underWay(ctx, known)
    if (refund?.state === 'succeeded') return stored
    if (refund?.state !== 'processing' || refund.wechatRefundId !== claim.refundId) {
      return denied(ctx, 'not the refund we asked for', refundId)
    }
    if (isSuccess) {
      const succeededAtMs = parseCompactTime(claim.successTime.replace(/\D/g, '')) ?? ctx.clock.nowMs()
      await endRefund(ctx, refundId, { succeededAtMs })
    } else if (claim.refundStatus === 'REFUNDCLOSE') await startAgain(ctx, refund)
    else await endRefund(ctx, refundId, { failure: 'CHANGE: the money could not be delivered' })
    return stored
  },
}

/**
 * The refund with the number that WeChat gave it. Its reply to our request may be still on the way or was lost: asking
 * again with the same number gives the same reply.
 */
export async function underWay(ctx: Context, refund: Refund): Promise<Refund | undefined> {
  if (!(await isRefundKnown(ctx, refund))) return undefined
  if (refund.state === 'failed') await reopenRefund(ctx, refund._id)
  return sendRefund(ctx, refund._id)
}

/** WeChat closed the refund and no money has moved; the number is spent, so the next try gets a new one. */
async function startAgain(ctx: Context, refund: Refund): Promise<void> {
  const nowMs = ctx.clock.nowMs()
  const attempts = refund.attempts + 1
  if (attempts >= MAX_ATTEMPTS) {
    await endRefund(ctx, refund._id, { failure: 'REFUNDCLOSE' })
    return
  }
  const next = moveRefund(refund, 'again', nowMs, {
    round: refund.round + 1,
    attempts,
    failure: 'REFUNDCLOSE',
    wechatRefundId: null,
    dueAtMs: retryAtMs(attempts, nowMs),
  })
  await movedRefund(ctx, refund, next)
}
