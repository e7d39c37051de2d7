import * as z from 'zod'
import { command, defineRoute, pageInput, queryWords } from '../../_kernel/index.ts'
import { withUrls } from './cover-urls.ts'
import { toCards } from './list.ts'
import { products } from './store.ts'

/** catalog/search: products that have all of the words, newest first. By an index, never by a regular expression. */
export const search = defineRoute({
  summary: 'Products for sale that match words',
  input: pageInput.extend({ text: z.string().trim().min(1).max(60), withUrls }),
  access: 'public',
  rateLimit: { limit: 60, perMs: 60_000 },

  async handle({ text, cursor, size, withUrls: wantsUrls }, ctx) {
    const words = queryWords(text)
    // Punctuation alone asks for nothing.
    if (words.length === 0) return { items: [], nextCursor: null }
    const page = await ctx.db.page(products, {
      where: { status: 'published', keywords: command.all(words) },
      orderBy: ['publishedAtMs', 'desc'],
      cursor,
      size,
    })
    return toCards(ctx, page, wantsUrls)
  },
})
