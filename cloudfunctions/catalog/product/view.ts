import { type Product, skuTitle } from './model.ts'

export interface ProductCard {
  productId: string
  title: string
  subtitle: string
  coverFileId: string | null
  /** Only when the caller asked for addresses. */
  coverUrl?: string
  /** The lowest of its SKUs. */
  priceFen: number
  maxPriceFen: number
  marketPriceFen: number | null
  soldCount: number
}

/** What a list shows. */
export function toCard(product: Product, coverUrls?: ReadonlyMap<string, string>): ProductCard {
  const cheapest = product.skus.find(({ priceFen }) => priceFen === product.priceFen)
  const coverUrl = coverUrls?.get(product.coverFileId ?? '')
  return {
    productId: product._id,
    title: product.title,
    subtitle: product.subtitle,
    coverFileId: product.coverFileId,
    ...(coverUrl === undefined ? {} : { coverUrl }),
    priceFen: product.priceFen,
    maxPriceFen: product.maxPriceFen,
    marketPriceFen: cheapest?.marketPriceFen ?? null,
    soldCount: product.soldCount,
  }
}

/** What a product page shows. */
export function toDetail(
  product: Product,
  available: ReadonlyMap<string, number>,
  coverUrls?: ReadonlyMap<string, string>,
) {
  return {
    ...toCard(product, coverUrls),
    description: product.description,
    imageFileIds: product.imageFileIds,
    categoryIds: product.categoryIds,
    skus: product.skus.map((sku) => ({
      skuId: sku.skuId,
      title: skuTitle(sku),
      attributes: sku.attributes,
      priceFen: sku.priceFen,
      marketPriceFen: sku.marketPriceFen,
      coverFileId: sku.coverFileId ?? product.coverFileId,
      available: available.get(sku.skuId) ?? 0,
    })),
  }
}

/** What an operator's table shows. */
export function toRow(product: Product) {
  return {
    ...toCard(product),
    status: product.status,
    version: product.version,
    categoryIds: product.categoryIds,
    skuCount: product.skus.length,
    publishedAtMs: product.publishedAtMs,
    updatedAtMs: product.updatedAtMs,
  }
}
