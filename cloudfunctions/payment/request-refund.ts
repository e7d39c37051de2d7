import { type Context, refuse } from '../_kernel/index.ts'
import { type QuantityOfSku, reserveRefund } from './model.ts'
import { draftRefund, moveRefund, type Refund } from './refund-model.ts'
import { payments, refunds, replacePayment, replaceRefund } from './store.ts'

/**
 * Writes down a refund and sets its money aside, in one transaction; sending it comes after. The id is the caller's to
 * derive: the same one again finds the first refund.
 */
export async function requestRefund(
  ctx: Context,
  request: {
    refundId: string
    orderId: string
    refundFen: number
    reason: string
    /** The goods that come back. */
    lines: readonly QuantityOfSku[]
    afterSaleId?: string
    requestedBy: string
    requestHash?: string
  },
): Promise<Refund> {
  const nowMs = ctx.clock.nowMs()
  const {
    refundId,
    orderId,
    refundFen,
    reason,
    lines,
    afterSaleId = null,
    requestedBy,
    requestHash,
  } = request
  return ctx.transaction(async (tx) => {
    const existing = await tx.find(refunds, refundId)
    if (existing) {
      if (existing.requestHash !== requestHash) refuse('REQUEST_ID_REUSED')
      return existing
    }
    const payment = await tx.get(payments, orderId)
    const wanted = { refundFen, lines: bySku(lines) }
    const reserved = reserveRefund(payment, wanted, nowMs)
    const refund = draftRefund(
      payment,
      { ...wanted, _id: refundId, reason, afterSaleId, requestedBy, requestHash },
      nowMs,
    )
    await replacePayment(tx, payment, reserved)
    await tx.insert(refunds, refund)
    return refund
  })
}

/** Takes a failed refund up again; refuses REFUND_EXCEEDS_PAID when its money has gone another way meanwhile. */
export async function reopenRefund(ctx: Context, refundId: string): Promise<Refund> {
  const nowMs = ctx.clock.nowMs()
  return ctx.transaction(async (tx) => {
    const refund = await tx.get(refunds, refundId)
    if (refund.state === 'pending' || refund.state === 'processing') return refund
    const payment = await tx.get(payments, refund.orderId)
    const reopened = moveRefund(refund, 'reopen', nowMs, { attempts: 0, dueAtMs: nowMs })
    await replacePayment(tx, payment, reserveRefund(payment, refund, nowMs))
    await replaceRefund(tx, refund, reopened)
    return reopened
  })
}

/** One line for each SKU: what is set aside, what is checked and what comes back must be the same number. */
function bySku(lines: readonly QuantityOfSku[]): QuantityOfSku[] {
  const quantities = new Map<string, number>()
  for (const { skuId, quantity } of lines) quantities.set(skuId, (quantities.get(skuId) ?? 0) + quantity)
  return [...quantities].map(([skuId, quantity]) => ({ skuId, quantity }))
}
