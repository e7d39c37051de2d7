import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { toTree } from './model.ts'
import { readCategories } from './store.ts'

/** catalog/categories: the whole tree, for anybody. */
export const categories = defineRoute({
  summary: 'Categories in two levels',
  input: z.object({}),
  access: 'public',
  handle: async (_input, ctx) => ({ categories: toTree(await readCategories(ctx)) }),
})
