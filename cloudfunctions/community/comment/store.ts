import * as z from 'zod'
import { collection, type Tx, text } from '../../_kernel/index.ts'
import { authorSchema, excerptOf } from '../content/fields.ts'
import { contentStatus, type Move, statusAfter } from '../content/status.ts'
import { commented } from '../events.ts'
import { countOnPost, posts } from '../post/store.ts'

export const comments = collection(
  'comments',
  z.object({
    _id: text,
    _openid: text,
    postId: text,
    author: authorSchema,
    text: text,
    /** Null for a comment on the post; the comment that a reply stands under. */
    rootId: text.nullable(),
    /** Whom a reply answers. */
    replyTo: z.object({ commentId: text, userId: text, nickname: text }).nullable(),
    status: contentStatus,
    /** Whether lists have it: visible, or gone but with visible replies under it, which then keep their place. */
    isListed: z.boolean(),
    likeCount: z.int(),
    /** Of visible replies. */
    replyCount: z.int(),
    countVersion: z.int(),
    createdAtMs: z.int(),
    /** When it first showed. */
    publishedAtMs: z.int().nullable(),
  }),
)

export type Comment = ReturnType<typeof comments.parse>

/** A new comment, as visible as its status says. */
export async function placeComment(tx: Tx, comment: Comment, postAuthorId: string): Promise<void> {
  await tx.insert(comments, { ...comment, isListed: comment.status === 'visible' })
  if (comment.status === 'visible') await afterShown(tx, comment, postAuthorId)
}

/** Gives a comment that this transaction has read its next status, and the counters with it. Refuses CONTENT_STATE. */
export async function moveComment(tx: Tx, comment: Comment, move: Move): Promise<Comment> {
  const status = statusAfter(move, comment.status)
  const isFirstTime = status === 'visible' && comment.publishedAtMs === null
  const next: Comment = {
    ...comment,
    status,
    isListed: status === 'visible' || comment.replyCount > 0,
    publishedAtMs: isFirstTime ? tx.context.clock.nowMs() : comment.publishedAtMs,
  }
  await tx.put(comments, next)
  if (isFirstTime) await afterShown(tx, next, (await tx.get(posts, comment.postId))._openid)
  else if (status === 'visible' && comment.status !== 'visible') await countComment(tx, next, 1)
  else if (status !== 'visible' && comment.status === 'visible') await countComment(tx, next, -1)
  return next
}

async function afterShown(tx: Tx, comment: Comment, postAuthorId: string): Promise<void> {
  await countComment(tx, comment, 1)
  const userId = comment.replyTo?.userId ?? postAuthorId
  if (userId === comment._openid) return
  const about = { postId: comment.postId, commentId: comment._id }
  const by = { who: comment.author.nickname, byId: comment._openid }
  await tx.emit(commented, { userId, ...about, ...by, excerpt: excerptOf(comment.text) })
}

async function countComment(tx: Tx, comment: Comment, by: 1 | -1): Promise<void> {
  await countOnPost(tx, await tx.get(posts, comment.postId), { commentCount: by })
  if (comment.rootId === null) return
  const root = await tx.get(comments, comment.rootId)
  const replyCount = root.replyCount + by
  await tx.update(comments, root._id, {
    replyCount,
    isListed: root.status === 'visible' || replyCount > 0,
    countVersion: root.countVersion + 1,
  })
}
