import * as z from 'zod'
import { type Context, defineRoute, derivedId, refuse } from '../_kernel/index.ts'
import { giveBackHot, takeHotStock } from '../inventory/public.ts'
import { findOrder, type Order, placeFlashOrder } from '../order/public.ts'
import { saleIdInput } from './input.ts'
import { MAX_PER_USER, PAY_WITHIN_MS, saleTerms } from './model.ts'

/**
 * Two database requests for a winner, mostly none for everybody else: the units are taken by one atomic append that also
 * brings the price (`inventory/hot/`), then the order is written under an id that a repeat of this request finds again.
 * A crash between the two leaves units held for an order that never comes; the sweeper gives them back.
 */
export const buy = defineRoute({
  summary: 'Takes units of a running sale and places the order for them',
  input: z.strictObject({
    saleId: saleIdInput,
    quantity: z.int().min(1).max(MAX_PER_USER).default(1),
  }),
  access: 'user',
  idempotent: 'derived',
  rateLimit: { limit: 10, perMs: 10_000 },
  fixedCost: true,
  bansCheckedLater: 'paying checks it, and an order that is not paid gives its units back',

  async handle({ saleId, quantity }, ctx) {
    const orderId = derivedId('ord', ctx.userId, saleId, ctx.requestId)
    const startedAtMs = ctx.clock.nowMs()
    const take = await takeHotStock(ctx, { hotId: saleId, userId: ctx.userId, orderId, quantity })
    switch (take.outcome) {
      case 'taken':
        return placeOrder(ctx, { ...take, orderId, saleId, quantity, startedAtMs })
      case 'past':
        return toReply((await findOrder(ctx, orderId)) ?? refuse('RESERVATION_LAPSED', { saleId }), quantity)
      case 'reused':
        return refuse('REQUEST_ID_REUSED')
      case 'sold-out':
        return refuse('SOLD_OUT', { saleId })
      case 'limit-reached':
        return refuse('LIMIT_REACHED', { saleId })
      case 'not-started':
        return refuse('SALE_NOT_STARTED', { saleId })
      case 'ended':
        return refuse('SALE_ENDED', { saleId })
      case 'not-found':
        return refuse('NOT_FOUND', { saleId })
      case 'busy':
        return refuse('BUSY', { saleId })
    }
  },
})

/** The reply follows from the units that were taken alone, so it is the same for a repeat, whose order exists already. */
async function placeOrder(
  ctx: Context,
  taken: {
    orderId: string
    saleId: string
    shardId: string
    quantity: number
    terms: unknown
    takenAtMs: number
    startedAtMs: number
  },
) {
  const { orderId, saleId, shardId, quantity, takenAtMs, startedAtMs } = taken
  const { skuId, productId, productTitle, skuTitle, coverFileId, priceFen } = saleTerms.parse(taken.terms)
  const payBeforeMs = takenAtMs + PAY_WITHIN_MS
  const placed = await placeFlashOrder(ctx, {
    orderId,
    saleId,
    hotId: shardId,
    userId: ctx.userId,
    line: { skuId, productId, title: productTitle, skuTitle, quantity, priceFen, coverFileId },
    payBeforeMs,
  })
  if (placed === 'exists' && takenAtMs >= startedAtMs) {
    // Units of just now for an older order: the log has forgotten that this one gave its units back long ago.
    const order = await findOrder(ctx, orderId)
    if (order?.status === 'closed') {
      await giveBackHot(ctx, { shardId, userId: ctx.userId, orderId })
      return toReply(order, quantity)
    }
  }
  return { orderId, payableFen: priceFen * quantity, payBeforeMs }
}

function toReply(order: Order, quantity: number) {
  if (order.lines[0]?.quantity !== quantity) refuse('REQUEST_ID_REUSED')
  return { orderId: order._id, payableFen: order.payableFen, payBeforeMs: order.payBeforeMs }
}
