import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { missingForSale, productId, transition } from './model.ts'
import { forgetProduct, products } from './store.ts'

/** catalog/publish: from now on customers see it and can buy it. Publishing twice changes nothing. */
export const publish = defineRoute({
  summary: 'Put a product on sale',
  input: z.object({ productId }),
  access: 'catalog:edit',
  audit: { action: 'product.publish', subject: (input) => `product/${input.productId}` },

  async handle({ productId: id }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const reply = await ctx.transaction(async (tx) => {
      const before = await tx.get(products, id)
      if (before.status !== 'published') {
        const status = transition(before, 'publish') ?? before.status
        const missing = missingForSale(before)
        if (missing.length > 0) refuse('PRODUCT_INCOMPLETE', { missing })
        const publishedAtMs = before.publishedAtMs === 0 ? nowMs : before.publishedAtMs
        await tx.put(products, {
          ...before,
          status,
          publishedAtMs,
          version: before.version + 1,
          updatedAtMs: nowMs,
        })
        return { productId: id, status, version: before.version + 1 }
      }
      return { productId: id, status: before.status, version: before.version }
    })
    await forgetProduct(ctx, id)
    return reply
  },
})
