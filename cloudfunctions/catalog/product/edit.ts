import * as z from 'zod'
import { DuplicateKey, defineRoute, refuse } from '../../_kernel/index.ts'
import { claimPath } from '../category/store.ts'
import { applyFields } from './draft.ts'
import { missingForSale, productFields, productId } from './model.ts'
import { forgetProduct, products } from './store.ts'

/**
 * catalog/editProduct: replaces what an operator may write, unless somebody else edited since `version` (STALE). A SKU
 * keeps its id by naming it; a published product must stay complete.
 */
export const editProduct = defineRoute({
  summary: 'Edit a product',
  input: productFields.extend({ productId, version: z.int().min(1) }),
  access: 'catalog:edit',
  idempotent: 'once',
  audit: { action: 'product.edit', subject: (input) => `product/${input.productId}` },

  async handle({ productId: id, version, ...fields }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const seed = `${id}/${ctx.requestId}`
    try {
      const reply = await ctx.once(async (tx) => {
        const before = await tx.get(products, id)
        if (before.version !== version) refuse('STALE', { productId: id, version: before.version })
        const categoryIds = fields.categoryId === null ? [] : await claimPath(tx, fields.categoryId)
        const after = applyFields(before, fields, { categoryIds, seed, nowMs })
        const missing = missingForSale(after)
        if (after.status === 'published' && missing.length > 0) refuse('PRODUCT_INCOMPLETE', { missing })
        await tx.put(products, after)
        return { productId: id, version: after.version, skuIds: after.skuIds }
      })
      await forgetProduct(ctx, id)
      return reply
    } catch (error) {
      if (error instanceof DuplicateKey) refuse('SKU_CODE_TAKEN', { productId: id }, error)
      throw error
    }
  },
})
