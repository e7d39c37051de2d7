import * as z from 'zod'
import {
  type Context,
  collection,
  command,
  defineConsumer,
  defineEvent,
  derivedId,
  text,
} from '../../_kernel/index.ts'
import { findProductsOfSkus, products } from './store.ts'

/** Which orders have been counted. Kept longer than an event can be delivered again. */
const countedOrders = collection('product_sales', z.object({ _id: text, expiresAtMs: z.int() }))

const KEEP_MS = 30 * 24 * 3_600_000

/** The few fields that matter here instead of `order`'s own type: `order` builds on `catalog`, never the other way round. */
const orderPaid = defineEvent(
  'order.paid',
  z.object({
    orderId: text,
    lines: z.array(z.object({ skuId: text, quantity: z.int().min(1) })),
  }),
)

/**
 * Counts what was sold, to sort by. Without a transaction, because many buyers of one product would wait for each other:
 * a crash between the mark and the count loses a few units of a number that only sorts.
 */
export const countSales = defineConsumer('catalog.count-sales', orderPaid, async ({ payload }, ctx) => {
  const expiresAtMs = ctx.clock.nowMs() + KEEP_MS
  const isFirst = await ctx.db.insertIfAbsent(countedOrders, {
    _id: derivedId('sold', payload.orderId),
    expiresAtMs,
  })
  if (!isFirst) return
  const owners = await findProductsOfSkus(ctx, [...new Set(payload.lines.map(({ skuId }) => skuId))])
  const soldOf = new Map<string, number>()
  for (const { skuId, quantity } of payload.lines) {
    const productId = owners.get(skuId)?._id
    if (productId !== undefined) soldOf.set(productId, (soldOf.get(productId) ?? 0) + quantity)
  }
  for (const [productId, sold] of soldOf) {
    await ctx.db.update(products, productId, { soldCount: command.inc(sold) })
  }
})

/** Removes a batch of old marks; the platform has no expiring indexes. @returns how many were removed. */
export async function cleanCountedSales(ctx: Context, limit: number): Promise<number> {
  const old = await ctx.db.query(countedOrders, {
    where: { expiresAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['expiresAtMs', 'asc']],
    limit,
  })
  if (old.length === 0) return 0
  return ctx.db.removeMany(countedOrders, { _id: command.in(old.map(({ _id }) => _id)) })
}
