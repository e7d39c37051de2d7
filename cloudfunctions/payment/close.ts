import { AppError, type Context, defineConsumer } from '../_kernel/index.ts'
import { orderClosed } from '../order/public.ts'
import { type Payment, transition } from './model.ts'
import { settlePayment } from './settle.ts'
import { movedPayment, payments } from './store.ts'
import { closeTrade } from './wechat-pay.ts'

/**
 * An order was closed: nobody should pay for it any more. When WeChat refuses because the money is there already, that
 * comes out, and it goes back. Best effort: whatever stays pending is taken up by `syncPendingPayments`.
 */
export const closeWechatOrder = defineConsumer(
  'payment.close-wechat-order',
  orderClosed,
  async ({ payload: { orderId } }, ctx) => {
    const payment = await ctx.db.find(payments, orderId)
    if (payment?.state !== 'pending') return
    try {
      await closePayment(ctx, payment)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      ctx.log.warn({ orderId, error: error.error }, 'closing at WeChat left to the timer')
    }
  },
)

/** Ends a pending payment, unless it turns out to be paid. False when it is still pending afterwards. */
export async function closePayment(ctx: Context, payment: Payment): Promise<boolean> {
  const { accepted } = await closeTrade(ctx, payment._id)
  if (!accepted) {
    const settlement = await settlePayment(ctx, payment._id)
    if (settlement !== 'over') return settlement === 'paid' || settlement === 'mismatch'
  }
  return markClosed(ctx, payment)
}

export function markClosed(ctx: Context, payment: Payment): Promise<boolean> {
  return movedPayment(ctx, payment, transition(payment, 'close', ctx.clock.nowMs(), { dueAtMs: null }))
}
