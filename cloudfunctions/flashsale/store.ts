import { type Context, refuse } from '../_kernel/index.ts'
import { saleableSkus } from '../catalog/public.ts'
import { closeHotStock } from '../inventory/public.ts'
import { type FlashSale, flashSales, type SaleAction, type SaleTerms, transition } from './model.ts'

/** What is sold, as the catalogue has it now; refuses SKU_NOT_SALEABLE. The price is the sale's own. */
export async function goodsOf(ctx: Context, sale: { skuId: string; priceFen: number }): Promise<SaleTerms> {
  const { skuId, priceFen } = sale
  const sku = (await saleableSkus(ctx, [skuId])).get(skuId) ?? refuse('SKU_NOT_SALEABLE', { skuIds: [skuId] })
  const { productId, title, skuTitle, coverFileId } = sku
  return { skuId, productId, productTitle: title, skuTitle, coverFileId, priceFen }
}

/** Ends a sale early: first nobody gets any more, then its units go back. The sweeper finishes what a crash leaves. */
export async function endSale(ctx: Context, saleId: string, action: SaleAction): Promise<FlashSale> {
  const sale = await ctx.transaction(async (tx) => {
    const ended = transition(await tx.get(flashSales, saleId), action, ctx.clock.nowMs())
    await tx.put(flashSales, ended)
    return ended
  })
  if (sale.hotStock === 'open') await putUnitsBack(ctx, saleId)
  return sale
}

export async function putUnitsBack(ctx: Context, saleId: string): Promise<void> {
  await closeHotStock(ctx, saleId)
  await ctx.db.update(flashSales, saleId, { hotStock: 'closed' })
}
