import type { Context } from '../_kernel/index.ts'
import { markRefunded } from '../order/public.ts'
import { refundFailed, refundSucceeded } from './events.ts'
import { releaseRefund, settleRefund } from './model.ts'
import { moveRefund, type Refund } from './refund-model.ts'
import { payments, refunds, replacePayment, replaceRefund } from './store.ts'

/**
 * WeChat's last word on a refund: one transaction moves the refund, the money of its payment and its order, and announces
 * it. A repeat changes nothing.
 *
 * @param end.version of the refund that failed: one that somebody else has moved on since has not.
 */
export async function endRefund(
  ctx: Context,
  refundId: string,
  end: { succeededAtMs: number } | { failure: string; version?: number },
): Promise<Refund> {
  const nowMs = ctx.clock.nowMs()
  const ended = await ctx.transaction(async (tx) => {
    const refund = await tx.get(refunds, refundId)
    if (refund.state === 'succeeded' || refund.state === 'failed') return refund
    if ('failure' in end && end.version !== undefined && end.version !== refund.version) return refund
    const payment = await tx.get(payments, refund.orderId)

    if ('failure' in end) {
      const failed = moveRefund(refund, 'give-up', nowMs, { failure: end.failure, dueAtMs: null })
      await replaceRefund(tx, refund, failed)
      await replacePayment(tx, payment, releaseRefund(payment, refund, nowMs))
      await tx.emit(refundFailed, { ...factsOf(failed), failure: end.failure })
      return failed
    }

    const succeeded = moveRefund(refund, 'succeed', nowMs, {
      succeededAtMs: end.succeededAtMs,
      failure: null,
      dueAtMs: null,
    })
    const settled = settleRefund(payment, refund.refundFen, nowMs)
    const full = settled.refundedFen === settled.paidFen
    await replaceRefund(tx, refund, succeeded)
    await replacePayment(tx, payment, settled)
    if (refund.tellsOrder) {
      const { refundFen, afterSaleId } = refund
      await markRefunded(tx, refund.orderId, { refundId, refundFen, full, afterSaleId })
    }
    await tx.emit(refundSucceeded, { ...factsOf(succeeded), full })
    return succeeded
  })
  if (ended.state === 'failed') ctx.log.error({ refundId, failure: ended.failure }, 'refund failed for good')
  return ended
}

function factsOf(refund: Refund) {
  return {
    refundId: refund._id,
    orderId: refund.orderId,
    userId: refund._openid,
    kind: refund.kind,
    ...(refund.hotId === null ? {} : { hotId: refund.hotId }),
    refundFen: refund.refundFen,
    reason: refund.reason,
    returnGoods: refund.returnGoods,
    lines: refund.lines,
  }
}
