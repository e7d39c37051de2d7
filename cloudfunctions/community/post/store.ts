import { type Context, collection, command, refuse, type Tx } from '../../_kernel/index.ts'
import { excerptOf } from '../content/fields.ts'
import { type Move, statusAfter } from '../content/status.ts'
import { mentioned } from '../events.ts'
import { members } from '../member/store.ts'
import { topics } from '../topic/store.ts'
import { hotScoreOf, type Post, postSchema } from './model.ts'

export const posts = collection('posts', postSchema)

/** A stranger's post that is not visible is as good as none. */
export async function getOwnPost(ctx: Context, postId: string): Promise<Post> {
  const post = await ctx.db.find(posts, postId)
  if (!post || post._openid !== ctx.userId || post.status === 'deleted')
    return refuse('NOT_FOUND', { postId })
  return post
}

export async function getVisiblePost(reads: Pick<Tx, 'get'>, postId: string): Promise<Post> {
  const post = await reads.get(posts, postId)
  return post.status === 'visible' ? post : refuse('NOT_FOUND', { postId })
}

/** What is taken back may be taken back from a hidden post too, or its counter would be wrong when it shows again. */
export function getCountable(tx: Tx, postId: string, by: 1 | -1): Promise<Post> {
  return by > 0 ? getVisiblePost(tx, postId) : tx.get(posts, postId)
}

/** Changes counters of a post that this transaction has read. */
export async function countOnPost(
  tx: Tx,
  post: Post,
  by: { likeCount?: number; favouriteCount?: number; commentCount?: number },
): Promise<void> {
  const counts = {
    likeCount: post.likeCount + (by.likeCount ?? 0),
    favouriteCount: post.favouriteCount + (by.favouriteCount ?? 0),
    commentCount: post.commentCount + (by.commentCount ?? 0),
  }
  await tx.update(posts, post._id, {
    ...counts,
    hotScore: hotScoreOf({ ...post, ...counts }),
    countVersion: post.countVersion + 1,
  })
}

/** A new post, as visible as its status says. */
export async function placePost(tx: Tx, post: Post): Promise<void> {
  await tx.insert(posts, post)
  if (post.status === 'visible') await afterShown(tx, post)
}

/** Gives a post that this transaction has read its next status, and the counters with it. Refuses CONTENT_STATE. */
export async function movePost(tx: Tx, post: Post, move: Move, change: Partial<Post> = {}): Promise<Post> {
  const status = statusAfter(move, post.status)
  const nowMs = tx.context.clock.nowMs()
  const isFirstTime = status === 'visible' && post.publishedAtMs === null
  const next: Post = {
    ...post,
    ...change,
    status,
    publishedAtMs: isFirstTime ? nowMs : post.publishedAtMs,
  }
  next.hotScore = hotScoreOf(next)
  await tx.put(posts, next)
  if (status === 'visible' && isFirstTime) await afterShown(tx, next)
  else if (status === 'visible' && post.status !== 'visible') await countPost(tx, next, 1)
  else if (status !== 'visible' && post.status === 'visible') await countPost(tx, next, -1)
  return next
}

async function afterShown(tx: Tx, post: Post): Promise<void> {
  await countPost(tx, post, 1)
  for (const { userId } of post.mentions) {
    if (userId === post._openid) continue
    const about = { postId: post._id, who: post.author.nickname, byId: post._openid }
    await tx.emit(mentioned, { userId, ...about, excerpt: excerptOf(post.text) })
  }
}

async function countPost(tx: Tx, post: Post, by: 1 | -1): Promise<void> {
  const change = { postCount: command.inc(by), countVersion: command.inc(1) }
  await tx.update(members, post._openid, change)
  for (const topicId of post.topicIds) await tx.update(topics, topicId, change)
}
