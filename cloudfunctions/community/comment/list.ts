import * as z from 'zod'
import { type Context, command, defineRoute, idInput, pageInput, type Where } from '../../_kernel/index.ts'
import { getVisiblePost } from '../post/store.ts'
import { type Tie, ties } from '../tie/store.ts'
import { viewerOf } from '../viewer.ts'
import { type Comment, comments as stored } from './store.ts'

/** community/comments: on a visible post, newest or best first. Two database requests. */
export const comments = defineRoute({
  summary: 'Comments on a post',
  input: z.strictObject({
    ...pageInput.shape,
    postId: idInput,
    order: z.enum(['new', 'best']).default('new'),
  }),
  access: 'public',

  async handle({ postId, order, cursor, size }, ctx) {
    const [, page] = await Promise.all([
      getVisiblePost(ctx.db, postId),
      pageOfComments(ctx, {
        where: { postId, rootId: command.eq(null), isListed: true },
        orderBy: [order === 'new' ? 'createdAtMs' : 'likeCount', 'desc'],
        cursor,
        size,
      }),
    ])
    return page
  },
})

/** community/replies: under a comment, oldest first. Two database requests. */
export const replies = defineRoute({
  summary: 'Replies under a comment',
  input: z.strictObject({ ...pageInput.shape, postId: idInput, commentId: idInput }),
  access: 'public',

  async handle({ postId, commentId, cursor, size }, ctx) {
    const [, page] = await Promise.all([
      getVisiblePost(ctx.db, postId),
      pageOfComments(ctx, {
        where: { postId, rootId: commentId, isListed: true },
        orderBy: ['createdAtMs', 'asc'],
        cursor,
        size,
      }),
    ])
    return page
  },
})

async function pageOfComments(
  ctx: Context,
  request: {
    where: Where<Comment>
    orderBy: ['createdAtMs' | 'likeCount', 'asc' | 'desc']
    cursor?: string
    size: number
  },
) {
  const viewer = viewerOf(ctx)
  const ids = viewer === undefined ? [] : [{ $concat: [`like-${viewer}-`, '$_id'] }]
  const page = await ctx.db.pageJoined(stored, { ...request, join: { from: ties, ids } })
  return {
    items: page.items.map(({ item, joined }) => toShown(item, joined)),
    nextCursor: page.nextCursor,
  }
}

/** A comment that is gone keeps the place of its replies, without its words and its author. */
function toShown(comment: Comment, own: readonly Tie[]) {
  const { _id, rootId, likeCount, replyCount, createdAtMs } = comment
  const isGone = comment.status !== 'visible'
  return {
    commentId: _id,
    rootId,
    author: isGone ? null : comment.author,
    text: isGone ? null : comment.text,
    replyTo: isGone ? null : comment.replyTo,
    likeCount,
    replyCount,
    createdAtMs,
    isLiked: own.length > 0,
  }
}
