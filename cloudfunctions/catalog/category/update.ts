import { defineRoute, refuse } from '../../_kernel/index.ts'
import { categoryFields, categoryId } from './model.ts'
import { categories, forgetCategories } from './store.ts'

/** catalog/updateCategory: name, icon and order. A category keeps its place: products remember the path they are in. */
export const updateCategory = defineRoute({
  summary: 'Change name, icon or order of a category',
  input: categoryFields.extend({ categoryId }),
  access: 'catalog:edit',
  audit: { action: 'category.update', subject: (input) => `category/${input.categoryId}` },

  async handle({ categoryId: id, ...fields }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const changed = await ctx.db.updateAndReturn(categories, { _id: id }, { ...fields, updatedAtMs: nowMs })
    if (!changed) refuse('NOT_FOUND', { categoryId: id })
    await forgetCategories(ctx)
    return { categoryId: id }
  },
})
