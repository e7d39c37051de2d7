import * as z from 'zod'
import { command, defineRoute, refuse } from '../../_kernel/index.ts'
import { products } from '../product/store.ts'
import { categoryId } from './model.ts'
import { categories, forgetCategories } from './store.ts'

/** catalog/removeCategory: only one without products and sub-categories. */
export const removeCategory = defineRoute({
  summary: 'Remove an empty category',
  input: z.object({ categoryId }),
  access: 'catalog:edit',
  audit: { action: 'category.remove', subject: (input) => `category/${input.categoryId}` },

  async handle({ categoryId: id }, ctx) {
    await ctx.transaction(async (tx) => {
      await tx.get(categories, id)
      // Both queries run outside of the transaction. What they miss has written the category that was read above, so
      // that the commit conflicts and they run again.
      const [child] = await ctx.db.query(categories, { where: { parentId: id }, limit: 1 })
      const [product] = await ctx.db.query(products, {
        where: { categoryIds: command.all([id]) },
        limit: 1,
      })
      if (child || product) refuse('CATEGORY_IN_USE', { categoryId: id })
      await tx.remove(categories, id)
    })
    await forgetCategories(ctx)
    return { categoryId: id }
  },
})
