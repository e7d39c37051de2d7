import { DuplicateKey, defineRoute, refuse } from '../../_kernel/index.ts'
import { claimPath } from '../category/store.ts'
import { applyFields } from './draft.ts'
import { productFields } from './model.ts'
import { products } from './store.ts'

/** catalog/createProduct: a draft; nobody but operators sees it. Refuses SKU_CODE_TAKEN. */
export const createProduct = defineRoute({
  summary: 'Create a product as a draft',
  input: productFields,
  access: 'catalog:edit',
  idempotent: 'once',
  audit: { action: 'product.create', subject: ({ title }) => `product/${title}` },

  async handle(fields, ctx) {
    const nowMs = ctx.clock.nowMs()
    const blank = {
      _id: ctx.ids.next('prd'),
      status: 'draft' as const,
      soldCount: 0,
      publishedAtMs: 0,
      version: 0,
      createdAtMs: nowMs,
      skuIds: [],
    }
    try {
      return await ctx.once(async (tx) => {
        const categoryIds = fields.categoryId === null ? [] : await claimPath(tx, fields.categoryId)
        const product = applyFields(blank, fields, { categoryIds, seed: blank._id, nowMs })
        await tx.insert(products, product)
        return { productId: product._id, version: product.version, skuIds: product.skuIds }
      })
    } catch (error) {
      if (error instanceof DuplicateKey) refuse('SKU_CODE_TAKEN', undefined, error)
      throw error
    }
  },
})
