import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { CATEGORIES_MAX, forgetWords, sensitiveWords } from '../content/words.ts'

const category = z.string().regex(/^[a-z][a-z0-9_]{1,39}$/, 'lower-case letters, digits and underscores')

/** community/sensitiveWords: the whole list, by category. */
export const listSensitiveWords = defineRoute({
  summary: 'The list of sensitive words, by category',
  input: z.strictObject({}),
  access: 'community:words',

  async handle(_input, ctx) {
    const categories = await ctx.db.query(sensitiveWords, {
      orderBy: [['_id', 'asc']],
      limit: CATEGORIES_MAX,
    })
    return { items: categories.map(({ _id, ...rest }) => ({ category: _id, ...rest })) }
  },
})

/** community/saveSensitiveWords: the words of one category, all of them; none removes it. Other instances know within seconds. */
export const saveSensitiveWords = defineRoute({
  summary: 'Set the sensitive words of one category',
  input: z.strictObject({
    category,
    title: z.string().trim().min(1).max(40),
    action: z.enum(['refuse', 'review']),
    words: z.array(z.string().trim().min(1).max(40)).max(5_000),
  }),
  access: 'community:words',
  audit: { action: 'words.save', subject: (input) => `words/${input.category}` },

  async handle({ category: _id, words, ...rest }, ctx) {
    const known = await ctx.db.query(sensitiveWords, { limit: CATEGORIES_MAX })
    if (known.length >= CATEGORIES_MAX && !known.some((each) => each._id === _id)) {
      refuse('INVALID_INPUT', { field: 'category', max: CATEGORIES_MAX })
    }
    const distinct = [...new Set(words)].sort()
    await ctx.transaction(async (tx) => {
      if (distinct.length === 0) await tx.remove(sensitiveWords, _id)
      else await tx.put(sensitiveWords, { _id, ...rest, words: distinct, updatedAtMs: ctx.clock.nowMs() })
    })
    await forgetWords(ctx)
    return { category: _id, count: distinct.length }
  },
})
