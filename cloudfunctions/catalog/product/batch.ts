import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { coverUrls, withUrls } from './cover-urls.ts'
import { productId } from './model.ts'
import { products } from './store.ts'
import { toCard } from './view.ts'

/** catalog/batch: cards of named products, in the order asked for; those not for sale are left out. One database request. */
export const batch = defineRoute({
  summary: 'Several products at once',
  input: z.object({ productIds: z.array(productId).min(1).max(50), withUrls }),
  access: 'public',

  async handle({ productIds, withUrls: wantsUrls }, ctx) {
    const wanted = [...new Set(productIds)]
    const found = new Map((await ctx.db.findMany(products, wanted)).map((product) => [product._id, product]))
    const published = wanted.flatMap((id) => {
      const product = found.get(id)
      return product?.status === 'published' ? [product] : []
    })
    const urls = wantsUrls ? await coverUrls(ctx, published) : undefined
    return { items: published.map((product) => toCard(product, urls)) }
  },
})
