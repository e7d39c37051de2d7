import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { availability } from '../../inventory/public.ts'
import { coverUrls, withUrls } from './cover-urls.ts'
import { productId } from './model.ts'
import { findProduct } from './store.ts'
import { toDetail } from './view.ts'

/** catalog/detail: one product for sale with what is left of each SKU. At most two database requests. */
export const detail = defineRoute({
  summary: 'One product for sale',
  input: z.object({ productId, withUrls }),
  access: 'public',

  async handle({ productId: id, withUrls: wantsUrls }, ctx) {
    const product = await findProduct(ctx, id)
    if (product?.status !== 'published') return refuse('NOT_FOUND', { productId: id })
    const available = await availability(ctx, product.skuIds)
    return toDetail(product, available, wantsUrls ? await coverUrls(ctx, [product]) : undefined)
  },
})
