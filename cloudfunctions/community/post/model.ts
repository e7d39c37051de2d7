import * as z from 'zod'
import { keywordsOf, text } from '../../_kernel/index.ts'
import { authorSchema, mentionSchema, placeSchema } from '../content/fields.ts'
import { contentStatus } from '../content/status.ts'

/**
 * A post as clients may read it directly while it is visible: nothing in here is for moderators. What they know lies in
 * `reviews`.
 */
export const postSchema = z.object({
  _id: text,
  /** The author. */
  _openid: text,
  author: authorSchema,
  text: z.string(),
  images: z.array(text),
  place: placeSchema.nullable(),
  topicIds: z.array(text),
  topics: z.array(z.object({ topicId: text, title: text })),
  mentions: z.array(mentionSchema),
  /** What it is found by. */
  words: z.array(text),
  status: contentStatus,
  /** Goes up with each edit. */
  revision: z.int(),
  likeCount: z.int(),
  favouriteCount: z.int(),
  /** Of visible comments in both levels. */
  commentCount: z.int(),
  /** Goes up with each change of a counter: how the verifier knows that nobody was there meanwhile. */
  countVersion: z.int(),
  hotScore: z.number(),
  createdAtMs: z.int(),
  /** When it first showed: feeds go by it, so that a post that was judged late comes at the top, not in between. */
  publishedAtMs: z.int().nullable(),
  editedAtMs: z.int().nullable(),
})

export type Post = z.output<typeof postSchema>

type Counters = Pick<Post, 'likeCount' | 'favouriteCount' | 'commentCount'>

/** In this time a post must gather ten times the weight to keep its place among newer ones. */
const DECAY_MS = 12.5 * 3_600_000

/**
 * Ages by itself: time raises the score of what is newer instead of lowering what is older, so a score that is stored
 * stays right until somebody reacts, and nothing has to be computed anew.
 */
export function hotScoreOf(post: Counters & Pick<Post, 'createdAtMs' | 'publishedAtMs'>): number {
  const weight = 1 + post.likeCount + 2 * post.favouriteCount + 2 * post.commentCount
  const score = Math.log10(Math.max(weight, 1)) + (post.publishedAtMs ?? post.createdAtMs) / DECAY_MS
  return Math.round(score * 1e6) / 1e6
}

export function wordsOf(post: Pick<Post, 'text' | 'place' | 'topics'>): string[] {
  return keywordsOf(...post.topics.map(({ title }) => title), post.place?.name ?? '', post.text)
}

/** All of it that people read, for the checks. */
export function readableOf(post: Pick<Post, 'text' | 'place'>): string {
  return post.place ? `${post.text}\n${post.place.name}` : post.text
}
