import * as z from 'zod'
import { assertSameRequest, defineRoute, derivedId, idInput, refuse } from '../_kernel/index.ts'
import { requestAfterSale } from './after-sale.ts'
import { MAX_DISTINCT_LINES, MAX_LINE_QUANTITY } from './model.ts'
import { getOwnOrder, orders } from './store.ts'
import { afterSaleForBuyer } from './view.ts'

const line = z.strictObject({
  skuId: idInput,
  quantity: z.int().min(1).max(MAX_LINE_QUANTITY),
})

/** `order/applyAfterSale`: the buyer asks for money back, with or without sending goods back. */
export const applyAfterSale = defineRoute({
  summary: 'Asks for a refund, with or without goods back',
  input: z
    .strictObject({
      orderId: idInput,
      returnGoods: z.boolean(),
      reason: z.string().trim().min(1).max(200),
      /** All that was paid and is not back yet, or the worth of `lines`, when left out. */
      refundFen: z.int().min(1).optional(),
      /** Which goods come back; all when left out. Only with `returnGoods`. */
      lines: z.array(line).min(1).max(MAX_DISTINCT_LINES).optional(),
    })
    .refine(({ returnGoods, lines }) => returnGoods || !lines, {
      path: ['lines'],
      error: 'only with returnGoods',
    }),
  access: 'user',
  // The request's id is derived from the caller's, so a repeat finds its own request.
  idempotent: 'derived',
  rateLimit: { limit: 20, perMs: 60_000 },
  async handle({ orderId, ...request }, ctx) {
    const id = derivedId('as', orderId, ctx.requestId)
    const order = await getOwnOrder(ctx, orderId)
    if (order.afterSale?.id === id) {
      assertSameRequest(ctx, order.afterSale.requestHash)
      return { orderId, afterSale: afterSaleForBuyer(order.afterSale) }
    }
    const { userId: by, requestHash } = ctx
    const next = requestAfterSale(order, { ...request, id, requestHash, by, nowMs: ctx.clock.nowMs() })
    await ctx.db.putIf(orders, next, { status: order.status, version: order.version })
    return { orderId, afterSale: afterSaleForBuyer(next.afterSale ?? refuse('INTERNAL')) }
  },
})
