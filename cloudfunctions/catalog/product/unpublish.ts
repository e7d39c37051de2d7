import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { productId, transition } from './model.ts'
import { forgetProduct, products } from './store.ts'

/** catalog/unpublish: takes a product off the shelf; orders that exist go on. Doing it twice changes nothing. */
export const unpublish = defineRoute({
  summary: 'Take a product off sale',
  input: z.object({ productId }),
  access: 'catalog:edit',
  audit: { action: 'product.unpublish', subject: (input) => `product/${input.productId}` },

  async handle({ productId: id }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const reply = await ctx.transaction(async (tx) => {
      const before = await tx.get(products, id)
      if (before.status === 'off_shelf')
        return { productId: id, status: before.status, version: before.version }
      const status = transition(before, 'unpublish') ?? before.status
      const version = before.version + 1
      await tx.put(products, { ...before, status, version, updatedAtMs: nowMs })
      return { productId: id, status, version }
    })
    await forgetProduct(ctx, id)
    return reply
  },
})
