import { defineRoute, refuse } from '../../_kernel/index.ts'
import { categoryFields, categoryId } from './model.ts'
import { categories, forgetCategories } from './store.ts'

/** catalog/createCategory: at the top or below a top one. */
export const createCategory = defineRoute({
  summary: 'Create a category',
  input: categoryFields.extend({ parentId: categoryId.nullable().default(null) }),
  access: 'catalog:edit',
  idempotent: 'once',
  audit: { action: 'category.create', subject: ({ name }) => `category/${name}` },

  async handle({ parentId, ...fields }, ctx) {
    const id = ctx.ids.next('cat')
    const nowMs = ctx.clock.nowMs()
    const reply = await ctx.once(async (tx) => {
      if (parentId !== null) {
        const parent = await tx.get(categories, parentId)
        if (parent.parentId !== null) refuse('CATEGORY_DEPTH', { parentId })
        await tx.put(categories, { ...parent, revision: parent.revision + 1 })
      }
      await tx.insert(categories, { ...fields, _id: id, parentId, revision: 1, updatedAtMs: nowMs })
      return { categoryId: id }
    })
    await forgetCategories(ctx)
    return reply
  },
})
