import { AppError, type Context } from '../_kernel/index.ts'
import { endRefund } from './end-refund.ts'
import { MAX_ATTEMPTS, moveRefund, type Refund, retryAtMs } from './refund-model.ts'
import { movedRefund, refunds } from './store.ts'
import { sendRefundRequest } from './wechat-pay.ts'

/**
 * Hands a pending refund to WeChat. Its record was written before, and its number is the same on every try, so neither a
 * stop after the call nor two senders at once can pay twice: WeChat answers the repeat as it answered the first.
 * @returns the refund as it is afterwards.
 */
export async function sendRefund(ctx: Context, refundId: string): Promise<Refund> {
  const refund = await ctx.db.get(refunds, refundId)
  if (refund.state !== 'pending') return refund
  const answer = await tryRequest(ctx, refund)
  const nowMs = ctx.clock.nowMs()
  if (answer.accepted) {
    const accepted = moveRefund(refund, 'accept', nowMs, {
      wechatRefundId: answer.reply.refundId,
      failure: null,
      dueAtMs: null,
    })
    return (await movedRefund(ctx, refund, accepted)) ? accepted : ctx.db.get(refunds, refundId)
  }

  const attempts = refund.attempts + 1
  // Given up only on a refusal: without an answer WeChat may have it, and its money must not be free for another refund.
  if (answer.isRefusal && attempts >= MAX_ATTEMPTS) {
    return endRefund(ctx, refundId, { failure: answer.why, version: refund.version })
  }
  const waiting = moveRefund(refund, 'refuse', nowMs, {
    attempts,
    failure: answer.why,
    dueAtMs: retryAtMs(attempts, nowMs),
  })
  return (await movedRefund(ctx, refund, waiting)) ? waiting : ctx.db.get(refunds, refundId)
}

/** For callers whose own work is done and stored: what goes wrong here is taken up by `syncPendingRefunds`. */
export async function sendRefundSafely(ctx: Context, refundId: string): Promise<void> {
  try {
    await sendRefund(ctx, refundId)
  } catch (cause) {
    ctx.log.warn({ cause, refundId }, 'refund left to the timer')
  }
}

async function tryRequest(
  ctx: Context,
  refund: Refund,
): Promise<
  { accepted: true; reply: { refundId: string } } | { accepted: false; isRefusal: boolean; why: string }
> {
  try {
    const answer = await sendRefundRequest(ctx, refund)
    return answer.accepted ? answer : { ...answer, isRefusal: true }
  } catch (error) {
    if (error instanceof AppError && error.error === 'UPSTREAM_FAILED') {
      return { accepted: false, isRefusal: false, why: 'no answer' }
    }
    throw error
  }
}
