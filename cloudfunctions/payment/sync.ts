/** What the scheduler does for payments and refunds whose callbacks were lost or whose calls failed. */
import { AppError, type Context, command } from '../_kernel/index.ts'
import { closePayment, markClosed } from './close.ts'
import { nextCheckMs, type Payment, transition } from './model.ts'
import { sendRefund } from './send-refund.ts'
import { settlePayment } from './settle.ts'
import { movedPayment, payments, refunds } from './store.ts'

export const FIRST_CHECK_MS = 60_000
const LONGEST_WAIT_OPEN_MS = 5 * 60_000
const LONGEST_WAIT_OVER_MS = 6 * 3_600_000
/** About three days. A payment that WeChat never told about is closed then; a bill or a callback can still prove it paid. */
const MAX_CHECKS = 20

type IsTimeUp = () => boolean

/** Asks WeChat about payments that have been pending for a while, longest waiting first. Returns how many were decided. */
export async function syncPendingPayments(
  ctx: Context,
  limit: number,
  isTimeUp: IsTimeUp = () => false,
): Promise<number> {
  const due = await ctx.db.query(payments, {
    where: { dueAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['dueAtMs', 'asc']],
    limit,
  })
  return eachOf(ctx, due, isTimeUp, (payment) => syncPayment(ctx, payment))
}

/** Sends refunds that are pending, each after its pause. Returns how many WeChat took or an operator has to look at. */
export async function syncPendingRefunds(
  ctx: Context,
  limit: number,
  isTimeUp: IsTimeUp = () => false,
): Promise<number> {
  const due = await ctx.db.query(refunds, {
    where: { dueAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['dueAtMs', 'asc']],
    limit,
  })
  return eachOf(ctx, due, isTimeUp, async ({ _id }) => (await sendRefund(ctx, _id)).state !== 'pending')
}

async function syncPayment(ctx: Context, payment: Payment): Promise<boolean> {
  const nowMs = ctx.clock.nowMs()
  const isExpired = nowMs >= payment.expiresAtMs
  const settlement = await settlePayment(ctx, payment._id)
  if (settlement === 'paid' || settlement === 'mismatch') return true
  if (settlement === 'over') return markClosed(ctx, payment)
  if (settlement === 'unpaid' && isExpired && (await closePayment(ctx, payment))) return true
  if (settlement === 'unknown' && payment.checks >= MAX_CHECKS) return markClosed(ctx, payment)

  const longestMs = isExpired ? LONGEST_WAIT_OVER_MS : LONGEST_WAIT_OPEN_MS
  const waitMs = Math.min(FIRST_CHECK_MS * 2 ** payment.checks, longestMs)
  const checked = { checks: payment.checks + 1, dueAtMs: nextCheckMs(payment, nowMs, waitMs) }
  await movedPayment(ctx, payment, transition(payment, 'check', nowMs, checked))
  return false
}

/**
 * One that WeChat does not answer about, or that is at fault, must not keep the others waiting; without any answer at all
 * we stop. A fault is thrown at the end, so that the run is seen to have failed.
 */
async function eachOf<T extends { _id: string }>(
  ctx: Context,
  due: readonly T[],
  isTimeUp: IsTimeUp,
  decide: (one: T) => Promise<boolean>,
): Promise<number> {
  let decided = 0
  let unanswered = 0
  let fault: unknown
  for (const one of due) {
    if (unanswered === 3 || isTimeUp()) break
    try {
      if (await decide(one)) decided += 1
    } catch (error) {
      if (!(error instanceof AppError)) {
        fault ??= error
        ctx.log.error({ cause: error, id: one._id }, 'left for the next time')
        continue
      }
      if (error.error === 'UPSTREAM_FAILED') unanswered += 1
      ctx.log.warn({ id: one._id, error: error.error }, 'left for the next time')
    }
  }
  if (fault !== undefined) throw fault
  return decided
}
