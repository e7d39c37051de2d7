/** The collections of `payment`, and the conditional writes that more than one file makes. */
import { AppError, type Collection, type Context, collection, type Tx } from '../_kernel/index.ts'
import { type Payment, paymentSchema } from './model.ts'
import { type Refund, refundSchema } from './refund-model.ts'

export const payments: Collection<Payment> = collection('payments', paymentSchema)
export const refunds: Collection<Refund> = collection('refunds', refundSchema)

/** Writes `next` if the stored payment still is `before`; else refuses STALE. */
export function replacePayment(tx: Tx, before: Payment, next: Payment): Promise<void> {
  return tx.putIf(payments, next, { state: before.state, version: before.version })
}

export function replaceRefund(tx: Tx, before: Refund, next: Refund): Promise<void> {
  return tx.putIf(refunds, next, { state: before.state, version: before.version })
}

/** The same outside of a transaction; false when somebody else was faster, whose word then counts. */
export function movedPayment(ctx: Context, before: Payment, next: Payment): Promise<boolean> {
  return unlessStale(ctx.db.putIf(payments, next, { state: before.state, version: before.version }))
}

export function movedRefund(ctx: Context, before: Refund, next: Refund): Promise<boolean> {
  return unlessStale(ctx.db.putIf(refunds, next, { state: before.state, version: before.version }))
}

async function unlessStale(writing: Promise<void>): Promise<boolean> {
  try {
    await writing
    return true
  } catch (error) {
    if (error instanceof AppError && error.error === 'STALE') return false
    throw error
  }
}
