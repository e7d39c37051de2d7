import * as z from 'zod'
import { type Context, collection, defineCache, text } from '../../_kernel/index.ts'
import { createWordMatcher, type WordMatcher } from './word-matcher.ts'

/** Words that must not be written, by category. `refuse` turns the text away, `review` lets a moderator decide. */
export const sensitiveWords = collection(
  'sensitive_words',
  z.object({
    /** The category, such as `gambling`. */
    _id: text,
    title: text,
    action: z.enum(['refuse', 'review']),
    words: z.array(text),
    updatedAtMs: z.int(),
  }),
)

export interface SensitiveWord {
  word: string
  category: string
  action: 'refuse' | 'review'
}

export const CATEGORIES_MAX = 50

const matchers = defineCache<WordMatcher<SensitiveWord>>({
  name: 'sensitive_words',
  ttlMs: 10 * 60_000,
  max: 1,
  shared: true,
})
const ALL = 'all'

/** The words of the list that stand in the text. The list is read once per instance, and again when it was changed. */
export async function findSensitiveWords(ctx: Context, content: string): Promise<SensitiveWord[]> {
  const matcher = await matchers.get(ctx, ALL, async () => {
    const categories = await ctx.db.query(sensitiveWords, { limit: CATEGORIES_MAX })
    return createWordMatcher(
      categories.flatMap(({ _id, action, words }) =>
        words.map((word): [string, SensitiveWord] => [word, { word, category: _id, action }]),
      ),
    )
  })
  return matcher.findIn(content)
}

export async function forgetWords(ctx: Context): Promise<void> {
  await matchers.invalidate(ctx, ALL)
}
