import { type Context, collection, command, defineCache } from '../../_kernel/index.ts'
import { type Product, productSchema } from './model.ts'

export const products = collection('products', productSchema)

/** Null: there is no such product; kept as well, so that made-up ids do not reach the database each time. */
const productCache = defineCache<Product | null>({ name: 'products', ttlMs: 60_000, max: 500, shared: true })

/** A SKU belongs to one product for ever, so this needs no invalidation. */
const productIdOfSku = defineCache<string>({ name: 'sku-products', ttlMs: 3_600_000, max: 5_000 })

/** A product in any state. At most one database request, besides looking after the cache. */
export function findProduct(ctx: Context, productId: string): Promise<Product | null> {
  return productCache.get(ctx, productId, async () => (await ctx.db.find(products, productId)) ?? null)
}

/** The products that SKUs belong to, by SKU id; unknown SKUs are missing. At most one database request. */
export async function findProductsOfSkus(
  ctx: Context,
  skuIds: readonly string[],
): Promise<Map<string, Product>> {
  let query: Promise<Product[]> | undefined
  /** Everything at once, whichever of them is asked for first. */
  const load = () => {
    query ??= ctx.db.query(products, { where: { skuIds: command.in(skuIds) }, limit: skuIds.length })
    return query
  }
  const found = new Map<string, Product>()
  for (const skuId of skuIds) {
    const productId = await findProductId(ctx, skuId, load)
    if (productId === undefined) continue
    const product = await productCache.get(
      ctx,
      productId,
      async () => (await load()).find(({ _id }) => _id === productId) ?? null,
    )
    if (product) found.set(skuId, product)
  }
  return found
}

async function findProductId(
  ctx: Context,
  skuId: string,
  load: () => Promise<Product[]>,
): Promise<string | undefined> {
  try {
    return await productIdOfSku.get(ctx, skuId, async () => {
      const owner = (await load()).find((product) => product.skuIds.includes(skuId))
      // A SKU that does not exist may come to exist: thrown, because what is thrown is not kept.
      if (!owner) throw new UnknownSku()
      return owner._id
    })
  } catch (error) {
    if (error instanceof UnknownSku) return undefined
    throw error
  }
}

class UnknownSku extends Error {}

export function forgetProduct(ctx: Context, productId: string): Promise<void> {
  return productCache.invalidate(ctx, productId)
}
