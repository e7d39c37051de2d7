import * as z from 'zod'
import { AppError, type Context, defineRoute } from '../../_kernel/index.ts'
import { type SaleableSku, saleableSkus } from '../../catalog/public.ts'
import { availability } from '../../inventory/public.ts'
import { sumFen } from '../model.ts'
import { type Cart, readCart } from './store.ts'

export interface CartItem {
  skuId: string
  quantity: number
  selected: boolean
  /** Can this quantity be ordered now? */
  saleable: boolean
  /** Why not. */
  reason: 'off-sale' | 'short' | null
  /** Units that can be had; 0 for what is not on sale. */
  available: number
  /** What is shown of the SKU as it is sold now; null when it is not on sale any more. */
  sku: SaleableSku | null
}

/** `order/cart`: the caller's cart at today's prices; what cannot be bought is marked, not dropped. */
export const cart = defineRoute({
  summary: "The caller's cart with current prices and availability",
  input: z.strictObject({}),
  access: 'user',
  async handle(_input, ctx) {
    return showCart(ctx, await readCart(ctx))
  },
})

async function showCart(
  ctx: Context,
  { lines }: Cart,
): Promise<{ items: CartItem[]; selectedFen: number; selectedCount: number }> {
  const skuIds = lines.map((line) => line.skuId)
  const [skus, available] = await Promise.all([
    skusOnSale(ctx, skuIds),
    skuIds.length === 0 ? new Map<string, number>() : availability(ctx, skuIds),
  ])
  const items = lines.map(({ skuId, quantity, selected }): CartItem => {
    const sku = skus.get(skuId) ?? null
    const units = sku === null ? 0 : Math.max(available.get(skuId) ?? 0, 0)
    const reason = sku === null ? 'off-sale' : units < quantity ? 'short' : null
    return { skuId, quantity, selected, saleable: reason === null, reason, available: units, sku }
  })
  const bought = items.flatMap(({ selected, saleable, sku, quantity }) =>
    selected && saleable && sku !== null ? [{ priceFen: sku.priceFen, quantity }] : [],
  )
  return {
    items,
    selectedFen: sumFen(bought),
    selectedCount: bought.reduce((sum, { quantity }) => sum + quantity, 0),
  }
}

/** `saleableSkus` refuses a list with a SKU that is not for sale and names it; here the others are wanted all the same. */
async function skusOnSale(ctx: Context, skuIds: string[]): Promise<Map<string, SaleableSku>> {
  if (skuIds.length === 0) return new Map()
  try {
    return await saleableSkus(ctx, skuIds)
  } catch (error) {
    if (!(error instanceof AppError) || error.error !== 'SKU_NOT_SALEABLE') throw error
    const gone = new Set(z.array(z.string()).parse(error.details?.skuIds))
    return skusOnSale(
      ctx,
      skuIds.filter((skuId) => !gone.has(skuId)),
    )
  }
}
