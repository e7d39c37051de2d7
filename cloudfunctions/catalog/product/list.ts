import * as z from 'zod'
import {
  type Context,
  command,
  defineRoute,
  type Page,
  pageInput,
  refuse,
  type Where,
} from '../../_kernel/index.ts'
import { coverUrls, withUrls } from './cover-urls.ts'
import type { Product } from './model.ts'
import { products } from './store.ts'
import { toCard } from './view.ts'

const priceFen = z.int().min(0).max(100_000_000)

const sorts = {
  newest: ['publishedAtMs', 'desc'],
  'price-asc': ['priceFen', 'asc'],
  'price-desc': ['priceFen', 'desc'],
  sales: ['soldCount', 'desc'],
} as const

/** catalog/list: products for sale, for anybody. One database request for a page. */
export const list = defineRoute({
  summary: 'Products for sale, by category and price',
  input: pageInput.extend({
    categoryId: z.string().max(64).optional(),
    minPriceFen: priceFen.optional(),
    maxPriceFen: priceFen.optional(),
    sort: z.enum(['newest', 'price-asc', 'price-desc', 'sales']).default('newest'),
    withUrls,
  }),
  access: 'public',

  async handle({ categoryId, minPriceFen, maxPriceFen, sort, cursor, size, withUrls: wantsUrls }, ctx) {
    if (minPriceFen !== undefined && maxPriceFen !== undefined && minPriceFen > maxPriceFen) {
      refuse('INVALID_INPUT', { why: 'minPriceFen is above maxPriceFen' })
    }
    const where: Where<Product> = {
      status: 'published',
      ...(categoryId === undefined ? {} : { categoryIds: command.all([categoryId]) }),
      ...priceRange(minPriceFen, maxPriceFen),
    }
    const [field, direction] = sorts[sort]
    return toCards(
      ctx,
      await ctx.db.page(products, { where, orderBy: [field, direction], cursor, size }),
      wantsUrls,
    )
  },
})

export async function toCards(ctx: Context, page: Page<Product>, wantsUrls: boolean) {
  const urls = wantsUrls ? await coverUrls(ctx, page.items) : undefined
  return { items: page.items.map((product) => toCard(product, urls)), nextCursor: page.nextCursor }
}

function priceRange(minFen: number | undefined, maxFen: number | undefined): Where<Product> {
  if (minFen === undefined) return maxFen === undefined ? {} : { priceFen: command.lte(maxFen) }
  const atLeast = command.gte(minFen)
  return { priceFen: maxFen === undefined ? atLeast : atLeast.and(command.lte(maxFen)) }
}
