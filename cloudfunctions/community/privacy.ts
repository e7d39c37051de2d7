/** What the community keeps about a person, given out or taken away on their request. */
import { type Context, command, type Doc } from '../_kernel/index.ts'
import { detachMedia } from '../media/public.ts'
import { comments, moveComment } from './comment/store.ts'
import { members } from './member/store.ts'
import { drafts } from './post/drafts.ts'
import { postEdits } from './post/edit.ts'
import { mediaUse } from './post/media-use.ts'
import { movePost, posts } from './post/store.ts'
import { reports } from './review/report.ts'
import { reviews } from './review/store.ts'
import { removeTie } from './tie/remove.ts'
import { ties } from './tie/store.ts'

const MOST = 1_000
const BATCH = 100
const NOBODY = '已注销用户'

/** Seven database requests. */
export async function exportUser(ctx: Context, userId: string): Promise<Record<string, unknown>> {
  const own = { where: { _openid: userId }, limit: MOST }
  return {
    members: await ctx.db.findMany(members, [userId]),
    posts: await ctx.db.query(posts, own),
    post_edits: await ctx.db.query(postEdits, { where: { authorId: userId }, limit: MOST }),
    post_drafts: await ctx.db.query(drafts, own),
    comments: await ctx.db.query(comments, own),
    ties: await ctx.db.query(ties, { where: { userId }, limit: MOST }),
    reports: await ctx.db.query(reports, { where: { reporterId: userId }, limit: MOST }),
  }
}

/** What a person wrote disappears, words and pictures and name with it; counters stay right. Goes on where it stopped. */
export async function eraseUser(ctx: Context, userId: string): Promise<void> {
  await hideEverything(ctx, userId)
  await releasePictures(ctx, userId)
  const author = { userId, nickname: NOBODY, avatarFileId: null }
  const empty = { text: '', images: [], place: null, mentions: [], words: [], author }
  await ctx.db.updateMany(posts, { _openid: userId }, empty)
  await ctx.db.updateMany(comments, { _openid: userId }, { text: '', author, replyTo: null })
  await ctx.db.removeMany(postEdits, { authorId: userId })
  await ctx.db.removeMany(drafts, { _openid: userId })
  await ctx.db.removeMany(reports, { reporterId: userId })
  await ctx.db.updateMany(reviews, { authorId: userId }, { appeal: null, log: [] })
  // Their name in what others wrote.
  await ctx.db.updateMany(posts, { 'mentions.userId': userId }, { mentions: command.pull({ userId }) })
  await ctx.db.updateMany(comments, { 'replyTo.userId': userId }, { 'replyTo.nickname': NOBODY })
  await removeTies(ctx, userId)
  // Deleting the account and coming back must not wash a mute away.
  const anonymous = { nickname: NOBODY, avatarFileId: null, followingIds: [] }
  await ctx.db.updateIf(members, userId, { mutedUntilMs: command.gt(ctx.clock.nowMs()) }, anonymous)
  await ctx.db.removeMany(members, command.and([{ _id: userId, nickname: command.neq(NOBODY) }]))
}

async function hideEverything(ctx: Context, userId: string): Promise<void> {
  const where = { _openid: userId, status: command.neq('deleted') }
  const nextPosts = () => ctx.db.query(posts, { where, limit: BATCH })
  await eachOf(nextPosts, ({ _id }) =>
    ctx.transaction(async (tx) => {
      const post = await tx.get(posts, _id)
      if (post.status !== 'deleted') await movePost(tx, post, 'remove')
    }),
  )
  const nextComments = () => ctx.db.query(comments, { where, limit: BATCH })
  await eachOf(nextComments, ({ _id }) =>
    ctx.transaction(async (tx) => {
      const comment = await tx.get(comments, _id)
      if (comment.status !== 'deleted') await moveComment(tx, comment, 'remove')
    }),
  )
}

/** All pictures that posts and drafts have or had: `media` then removes them. */
async function releasePictures(ctx: Context, userId: string): Promise<void> {
  const [own, edits, kept] = await Promise.all([
    ctx.db.query(posts, { where: { _openid: userId }, limit: MOST }),
    ctx.db.query(postEdits, { where: { authorId: userId }, limit: MOST }),
    ctx.db.query(drafts, { where: { _openid: userId } }),
  ])
  const uses = [
    ...own.map(({ _id, images }) => mediaUse('post', _id, userId, images)),
    ...edits.map(({ postId, images }) => mediaUse('post', postId, userId, images)),
    ...kept.map(({ _id, images }) => mediaUse('draft', _id, userId, images)),
  ].filter(({ fileIds }) => fileIds.length > 0)
  for (const use of uses) await ctx.transaction((tx) => detachMedia(tx, use))
}

async function removeTies(ctx: Context, userId: string): Promise<void> {
  const made = () => ctx.db.query(ties, { where: { userId }, limit: BATCH })
  await eachOf(made, (tie) => ctx.transaction((tx) => removeTie(tx, tie)))
  const received = () => ctx.db.query(ties, { where: { kind: 'follow', targetId: userId }, limit: BATCH })
  await eachOf(received, (tie) => ctx.transaction((tx) => removeTie(tx, tie)))
}

/** Batch by batch, until there is nothing left that `next` finds: what `work` is done with must no longer be found. */
async function eachOf<T extends Doc>(
  next: () => Promise<T[]>,
  work: (doc: T) => Promise<unknown>,
): Promise<void> {
  for (let batch = await next(); batch.length > 0; batch = await next()) {
    for (const doc of batch) await work(doc)
  }
}
