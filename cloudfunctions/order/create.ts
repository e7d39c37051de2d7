import * as z from 'zod'
import { type Context, defineRoute, idInput, refuse } from '../_kernel/index.ts'
import { saleableSkus } from '../catalog/public.ts'
import { reserveStock } from '../inventory/public.ts'
import { getAddress } from '../user/public.ts'
import { carts, readCart, withLines } from './cart/store.ts'
import { factsOf, orderCreated } from './events.ts'
import {
  draftOrder,
  MAX_DISTINCT_LINES,
  MAX_LINE_QUANTITY,
  type QuantityOfSku,
  quantities,
  snapshotAddress,
  UNPAID_NORMAL_MS,
} from './model.ts'
import { orders } from './store.ts'

const item = z.strictObject({
  skuId: idInput,
  quantity: z.int().min(1).max(MAX_LINE_QUANTITY),
})

/** `order/create`: turns chosen goods into an unpaid order and holds their stock. Prices come from the catalogue. */
export const create = defineRoute({
  summary: 'Places an order for chosen goods, or for what is selected in the cart',
  input: z
    .strictObject({
      items: z.array(item).min(1).max(MAX_DISTINCT_LINES).optional(),
      addressId: idInput,
      note: z.string().trim().max(200).optional(),
      /** Takes the ordered goods out of the cart; without `items`, orders what is selected there. */
      fromCart: z.boolean().default(false),
    })
    .refine(({ items, fromCart }) => items !== undefined || fromCart, { path: ['items'], error: 'required' }),
  access: 'user',
  idempotent: 'once',
  rateLimit: { limit: 30, perMs: 60_000 },
  async handle({ items, addressId, note, fromCart }, ctx) {
    const { userId } = ctx
    const nowMs = ctx.clock.nowMs()
    const chosen = mergeItems(items ?? (await selectedInCart(ctx)))
    const [skus, address] = await Promise.all([
      saleableSkus(
        ctx,
        chosen.map(({ skuId }) => skuId),
      ),
      getAddress(ctx, userId, addressId),
    ])
    const order = draftOrder({
      orderId: ctx.ids.next('ord'),
      userId,
      kind: 'normal',
      lines: chosen.map(({ skuId, quantity }) => {
        const sku = skus.get(skuId) ?? refuse('SKU_NOT_SALEABLE', { skuIds: [skuId] })
        const { productId, title, skuTitle, priceFen, coverFileId } = sku
        return { skuId, productId, title, skuTitle, quantity, priceFen, coverFileId }
      }),
      address: snapshotAddress(address),
      note,
      nowMs,
      payBeforeMs: nowMs + UNPAID_NORMAL_MS,
    })

    return ctx.once(async (tx) => {
      await reserveStock(tx, order._id, quantities(order.lines)) // refuses STOCK_SHORT
      await tx.insert(orders, order)
      if (fromCart) {
        const cart = await tx.find(carts, userId)
        const kept = cart?.lines.filter((line) => !skus.has(line.skuId))
        if (cart && kept && kept.length < cart.lines.length) {
          await tx.putIf(carts, withLines(cart, kept, order.createdAtMs), { version: cart.version })
        }
      }
      await tx.emit(orderCreated, factsOf(order))
      return { orderId: order._id, payableFen: order.payableFen, payBeforeMs: order.payBeforeMs }
    })
  },
})

async function selectedInCart(ctx: Context): Promise<QuantityOfSku[]> {
  const { lines } = await readCart(ctx)
  const selected = lines.filter((line) => line.selected)
  if (selected.length === 0) refuse('CART_EMPTY')
  if (selected.length > MAX_DISTINCT_LINES)
    refuse('INVALID_INPUT', { field: 'items', max: MAX_DISTINCT_LINES })
  return selected
}

/** One line for each SKU, because stock is held for each SKU once. */
function mergeItems(items: readonly QuantityOfSku[]): QuantityOfSku[] {
  const bySku = new Map<string, number>()
  for (const { skuId, quantity } of items) bySku.set(skuId, (bySku.get(skuId) ?? 0) + quantity)
  return [...bySku].map(([skuId, quantity]) => {
    if (quantity > MAX_LINE_QUANTITY) refuse('INVALID_INPUT', { skuId, max: MAX_LINE_QUANTITY })
    return { skuId, quantity }
  })
}
