import { type Context, derivedId } from '../_kernel/index.ts'
import { markPaid } from '../order/public.ts'
import { reserveRefund, transition } from './model.ts'
import { draftRefund } from './refund-model.ts'
import { sendRefundSafely } from './send-refund.ts'
import { payments, refunds, replacePayment } from './store.ts'
import { queryTrade, type Trade } from './wechat-pay.ts'

/**
 * What is known after asking: `paid` and `mismatch` are stored; `unpaid` may still be paid, `over` cannot; `unknown` is an
 * order that WeChat does not know or could not tell about; for `none` we never asked for money.
 */
export type Settlement = 'paid' | 'mismatch' | 'unpaid' | 'over' | 'unknown' | 'none'

/**
 * Brings a payment in line with the truth, which is WeChat's answer to `queryOrder` and nothing that anybody sent us.
 * Everybody comes through here: callbacks, the buyer's page, the timer, the bill. Stops and repeats do no harm: until the
 * transaction nothing has changed, and after it a repeat finds the payment settled.
 */
export async function settlePayment(ctx: Context, orderId: string): Promise<Settlement> {
  const payment = await ctx.db.find(payments, orderId)
  if (!payment) return 'none'
  if (payment.state === 'paid' || payment.state === 'mismatch') return payment.state
  const answer = await queryTrade(ctx, orderId)
  if (!answer.accepted) return 'unknown'
  const { paid, isOver } = answer.reply
  if (!paid) return isOver ? 'over' : 'unpaid'
  return storeMoney(ctx, orderId, paid)
}

async function storeMoney(
  ctx: Context,
  orderId: string,
  { totalFen, transactionId, paidAtMs }: NonNullable<Trade['paid']>,
): Promise<'paid' | 'mismatch'> {
  const nowMs = ctx.clock.nowMs()
  const money = { paidFen: totalFen, transactionId, paidAtMs }

  const { state, refundId } = await ctx.transaction(
    async (tx): Promise<{ state: 'paid' | 'mismatch'; refundId?: string }> => {
      const payment = await tx.get(payments, orderId)
      if (payment.state === 'paid' || payment.state === 'mismatch') return { state: payment.state }

      if (totalFen !== payment.amountFen) {
        const flagged = transition(payment, 'mismatch', nowMs, { ...money, dueAtMs: null, lines: [] })
        await replacePayment(tx, payment, flagged)
        const details = { expectedFen: payment.amountFen, receivedFen: totalFen, transactionId }
        await tx.audit({ action: 'payment.mismatch', subject: orderId, details })
        return { state: 'mismatch' }
      }

      const paid = transition(payment, 'pay', nowMs, { ...money, dueAtMs: null })
      if ((await markPaid(tx, orderId, money)) !== 'closed') {
        await replacePayment(tx, payment, paid)
        return { state: 'paid' }
      }
      // Too late: the order was closed and its goods were given back, so all of the money goes back as well.
      const refund = { refundFen: totalFen, lines: [] }
      const lateRefund = draftRefund(
        { ...paid, lines: [] },
        {
          ...refund,
          _id: derivedId('rf', 'late', orderId),
          reason: '订单已关闭，自动退款',
          afterSaleId: null,
          requestedBy: 'payment',
        },
        nowMs,
      )
      await replacePayment(tx, payment, reserveRefund({ ...paid, lines: [] }, refund, nowMs))
      await tx.insert(refunds, lateRefund)
      return { state: 'paid', refundId: lateRefund._id }
    },
  )

  if (state === 'mismatch') ctx.log.error({ orderId, receivedFen: totalFen }, 'payment of another amount')
  if (refundId !== undefined) await sendRefundSafely(ctx, refundId)
  return state
}
