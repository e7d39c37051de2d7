import * as z from 'zod'
import { command, defineRoute, pageInput, queryWords, type Where } from '../../_kernel/index.ts'
import type { Product } from './model.ts'
import { products } from './store.ts'
import { toRow } from './view.ts'

/** catalog/operatorList: products in every state, latest edit first. One database request. */
export const operatorList = defineRoute({
  summary: 'Products in any state',
  input: pageInput.extend({
    status: z.enum(['draft', 'published', 'off_shelf']).optional(),
    text: z.string().trim().min(1).max(60).optional(),
  }),
  access: 'catalog:edit',

  async handle({ status, text, cursor, size }, ctx) {
    const words = text === undefined ? [] : queryWords(text)
    const where: Where<Product> = {
      ...(status === undefined ? {} : { status }),
      ...(words.length === 0 ? {} : { keywords: command.all(words) }),
    }
    const page = await ctx.db.page(products, { where, orderBy: ['updatedAtMs', 'desc'], cursor, size })
    return { items: page.items.map(toRow), nextCursor: page.nextCursor }
  },
})
