import { type Context, collection, defineCache, type Tx } from '../../_kernel/index.ts'
import { CATEGORIES_MAX, type Category, categorySchema } from './model.ts'

export const categories = collection('categories', categorySchema)

const ALL = 'all'
const categoryCache = defineCache<readonly Category[]>({
  name: 'categories',
  ttlMs: 300_000,
  max: 1,
  shared: true,
})

export function readCategories(ctx: Context): Promise<readonly Category[]> {
  return categoryCache.get(ctx, ALL, () =>
    ctx.db.query(categories, { orderBy: [['_id', 'asc']], limit: CATEGORIES_MAX }),
  )
}

export function forgetCategories(ctx: Context): Promise<void> {
  return categoryCache.invalidate(ctx, ALL)
}

/**
 * The ids of the category and of the one above it, for what is being put there. The category is written, so that removing
 * it at the same time conflicts instead of leaving something behind in nothing; the one above has a child and stays.
 */
export async function claimPath(tx: Tx, categoryId: string): Promise<string[]> {
  const category = await tx.get(categories, categoryId)
  await tx.put(categories, { ...category, revision: category.revision + 1 })
  return category.parentId === null ? [category._id] : [category.parentId, category._id]
}
