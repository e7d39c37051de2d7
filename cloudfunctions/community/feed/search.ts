import * as z from 'zod'
import { command, defineRoute, pageInput, queryWords } from '../../_kernel/index.ts'
import { pageOfPosts } from './page.ts'

/** community/search: posts that have all of the words, newest first. By an index, never by a regular expression. One request. */
export const search = defineRoute({
  summary: 'Posts that match words',
  input: z.strictObject({ ...pageInput.shape, text: z.string().trim().min(1).max(60) }),
  access: 'public',
  rateLimit: { limit: 60, perMs: 60_000 },

  async handle({ text, cursor, size }, ctx) {
    const words = queryWords(text)
    // Punctuation alone asks for nothing.
    if (words.length === 0) return { items: [], nextCursor: null }
    return pageOfPosts(ctx, {
      where: { status: 'visible', words: command.all(words) },
      orderBy: ['publishedAtMs', 'desc'],
      cursor,
      size,
    })
  },
})
