import * as z from 'zod'
import { type Context, defineRoute, idInput, pageInput } from '../../_kernel/index.ts'
import { comments } from '../comment/store.ts'
import { posts } from '../post/store.ts'
import { type Review, subjectKind } from './model.ts'
import { reports } from './report.ts'
import { getSubject, reviews } from './store.ts'

/** community/reviewQueue: what waits for a moderator, longest first. Three database requests. */
export const reviewQueue = defineRoute({
  summary: 'Posts and comments that wait for a moderator',
  input: z.strictObject({ ...pageInput.shape, kind: subjectKind.optional() }),
  access: 'community:moderate',

  async handle({ kind, cursor, size }, ctx) {
    const page = await ctx.db.page(reviews, {
      where: { queue: 'open', ...(kind && { kind }) },
      orderBy: ['queuedAtMs', 'asc'],
      cursor,
      size,
    })
    const contents = await contentsOf(ctx, page.items)
    return {
      items: page.items.map((review) => ({
        ...caseOf(review),
        content: contents.get(review._id) ?? null,
      })),
      nextCursor: page.nextCursor,
    }
  },
})

/** community/reviewCase: everything about one case, the latest reports included. */
export const reviewCase = defineRoute({
  summary: 'One case with its content, its reports and its history',
  input: z.strictObject({ kind: subjectKind, subjectId: idInput }),
  access: 'community:moderate',

  async handle({ kind, subjectId }, ctx) {
    const [subject, review, reported] = await Promise.all([
      getSubject(ctx.db, kind, subjectId),
      ctx.db.find(reviews, subjectId),
      ctx.db.query(reports, { where: { subjectId }, orderBy: [['createdAtMs', 'desc']], limit: 50 }),
    ])
    return {
      case: review ? { ...caseOf(review), log: review.log } : null,
      content: subject.content,
      reports: reported.map(({ _id, subjectId: _subject, ...rest }) => ({ reportId: _id, ...rest })),
    }
  },
})

async function contentsOf(ctx: Context, open: readonly Review[]) {
  const idsOf = (kind: Review['kind']) => open.filter((review) => review.kind === kind).map(({ _id }) => _id)
  const [foundPosts, foundComments] = await Promise.all([
    ctx.db.findMany(posts, idsOf('post')),
    ctx.db.findMany(comments, idsOf('comment')),
  ])
  return new Map(
    [...foundPosts, ...foundComments].map(({ _id, author, text, status, createdAtMs, ...rest }) => [
      _id,
      { author, text, status, createdAtMs, images: 'images' in rest ? rest.images : [] },
    ]),
  )
}

/** Without trace ids: whoever knows one could answer in WeChat's name. */
function caseOf({ _id, traceIds, images, log, ...review }: Review) {
  return { subjectId: _id, ...review, images: images.map(({ fileId, state }) => ({ fileId, state })) }
}
