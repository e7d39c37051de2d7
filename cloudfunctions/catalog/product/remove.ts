import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { productId, transition } from './model.ts'
import { forgetProduct, products } from './store.ts'

/** catalog/removeProduct: only what is not on sale. Orders keep their own copy of what was bought. */
export const removeProduct = defineRoute({
  summary: 'Remove a product that is not on sale',
  input: z.object({ productId }),
  access: 'catalog:edit',
  audit: { action: 'product.remove', subject: (input) => `product/${input.productId}` },

  async handle({ productId: id }, ctx) {
    await ctx.transaction(async (tx) => {
      transition(await tx.get(products, id), 'remove')
      await tx.remove(products, id)
    })
    await forgetProduct(ctx, id)
    return { productId: id }
  },
})
