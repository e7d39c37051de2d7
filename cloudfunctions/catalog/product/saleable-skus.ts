import { type Context, refuse } from '../../_kernel/index.ts'
import { skuTitle } from './model.ts'
import { findProductsOfSkus } from './store.ts'

/** What an order copies of a SKU. */
export interface SaleableSku {
  skuId: string
  productId: string
  title: string
  skuTitle: string
  priceFen: number
  coverFileId: string
}

/**
 * Price and title of SKUs that are for sale now; refuses SKU_NOT_SALEABLE and names those that are not. At most one
 * database request however many SKUs; another instance sees an edit within a quarter of a minute.
 */
export async function saleableSkus(
  ctx: Context,
  skuIds: readonly string[],
): Promise<Map<string, SaleableSku>> {
  const wanted = [...new Set(skuIds)]
  if (wanted.length === 0) return new Map()
  const products = await findProductsOfSkus(ctx, wanted)
  const saleable = new Map<string, SaleableSku>()
  for (const skuId of wanted) {
    const product = products.get(skuId)
    const sku = product?.skus.find((candidate) => candidate.skuId === skuId)
    if (!product || !sku || product.status !== 'published') continue
    saleable.set(skuId, {
      skuId,
      productId: product._id,
      title: product.title,
      skuTitle: skuTitle(sku),
      priceFen: sku.priceFen,
      coverFileId: sku.coverFileId ?? product.coverFileId ?? '',
    })
  }
  const missing = wanted.filter((skuId) => !saleable.has(skuId))
  if (missing.length > 0) refuse('SKU_NOT_SALEABLE', { skuIds: missing })
  return saleable
}
