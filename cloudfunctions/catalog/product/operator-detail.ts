import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { availability } from '../../inventory/public.ts'
import { productId } from './model.ts'
import { products } from './store.ts'
import { toDetail, toRow } from './view.ts'

/** catalog/operatorDetail: a product in any state as it is stored now, with the version that an edit names. */
export const operatorDetail = defineRoute({
  summary: 'One product in any state',
  input: z.object({ productId }),
  access: 'catalog:edit',

  async handle({ productId: id }, ctx) {
    const product = await ctx.db.get(products, id)
    const codes = new Map(product.skus.map(({ skuId, code }) => [skuId, code]))
    const { skus, ...shown } = toDetail(product, await availability(ctx, product.skuIds))
    return {
      ...shown,
      ...toRow(product),
      skus: skus.map((sku) => ({ ...sku, code: codes.get(sku.skuId) ?? '' })),
    }
  },
})
