/** Whom the community tells what, and what it renews or forgets about people. */
import { type Consumer, type Context, command, defineConsumer } from '../_kernel/index.ts'
import { detachMedia } from '../media/public.ts'
import { chinaTime, notify } from '../notification/public.ts'
import { profileChanged, userDeleted } from '../user/public.ts'
import { comments, moveComment } from './comment/store.ts'
import { commented, judged, mentioned } from './events.ts'
import { members } from './member/store.ts'
import { drafts } from './post/drafts.ts'
import { postEdits } from './post/edit.ts'
import { mediaUse } from './post/media-use.ts'
import { movePost, posts } from './post/store.ts'
import { takeVerdict } from './review/take-verdict.ts'

const tellMentioned = defineConsumer('community.tell-mentioned', mentioned, (event, ctx) => {
  const { userId, postId, who, excerpt } = event.payload
  const values = { postId, who, excerpt: excerpt || '图片', time: chinaTime(event.occurredAtMs) }
  return notify(ctx, { eventId: event.id, userId, code: 'community.mentioned', values })
})

const tellCommented = defineConsumer('community.tell-commented', commented, (event, ctx) => {
  const { userId, postId, who, excerpt } = event.payload
  const values = { postId, who, excerpt, time: chinaTime(event.occurredAtMs) }
  return notify(ctx, { eventId: event.id, userId, code: 'community.commented', values })
})

const RESULTS = { approve: '已通过', reject: '未通过', takeDown: '已下架' }

const tellJudged = defineConsumer('community.tell-judged', judged, (event, ctx) => {
  const { userId, postId, excerpt, action, reason, isAppeal } = event.payload
  const result = isAppeal ? `申诉${action === 'approve' ? '成功' : '未通过'}` : RESULTS[action]
  const values = { postId, excerpt: excerpt || '图片', result, reason, time: chinaTime(event.occurredAtMs) }
  return notify(ctx, { eventId: event.id, userId, code: 'community.judged', values })
})

/** Copies of name and picture. The later of two changes may run first, so the profile itself is not asked again. */
const renewAuthor = defineConsumer('community.renew-author', profileChanged, async ({ payload }, ctx) => {
  const { userId, nickname, avatarFileId } = payload
  const author = { userId, nickname, avatarFileId }
  if (!(await ctx.db.find(members, userId))) return
  await ctx.db.update(members, userId, { nickname, avatarFileId })
  await ctx.db.updateMany(posts, { _openid: userId }, { author })
  await ctx.db.updateMany(comments, { _openid: userId }, { author })
})

const NOBODY = '已注销用户'
const BATCH = 100

/** What a deleted account wrote disappears, its words and pictures with it; counters stay right. Runs again where it stopped. */
const forget = defineConsumer('community.forget-user', userDeleted, async ({ payload: { userId } }, ctx) => {
  const author = { userId, nickname: NOBODY, avatarFileId: null }
  for (;;) {
    const batch = await ctx.db.query(posts, {
      where: { _openid: userId, status: command.neq('deleted') },
      limit: BATCH,
    })
    for (const { _id } of batch) {
      await ctx.transaction(async (tx) => {
        const post = await tx.get(posts, _id)
        if (post.status !== 'deleted') await movePost(tx, post, 'remove')
      })
    }
    if (batch.length < BATCH) break
  }
  await releasePictures(ctx, userId)
  for (;;) {
    const batch = await ctx.db.query(comments, {
      where: { _openid: userId, status: command.neq('deleted') },
      limit: BATCH,
    })
    for (const { _id } of batch) {
      await ctx.transaction(async (tx) => {
        const comment = await tx.get(comments, _id)
        if (comment.status !== 'deleted') await moveComment(tx, comment, 'remove')
      })
    }
    if (batch.length < BATCH) break
  }
  const erased = { text: '', images: [], place: null, mentions: [], words: [], author }
  await ctx.db.updateMany(posts, { _openid: userId }, erased)
  await ctx.db.updateMany(comments, { _openid: userId }, { text: '', author, replyTo: null })
  await ctx.db.removeMany(postEdits, { authorId: userId })
  await ctx.db.removeMany(drafts, { _openid: userId })
  await ctx.db.update(members, userId, { nickname: NOBODY, avatarFileId: null })
})

/** All pictures that the posts and drafts of a person have or had: `media` then removes them. */
async function releasePictures(ctx: Context, userId: string): Promise<void> {
  const [own, edits, kept] = await Promise.all([
    ctx.db.query(posts, {
      where: command.and([{ _openid: userId }, { 'images.0': command.exists(true) }]),
      limit: 1000,
    }),
    ctx.db.query(postEdits, { where: { authorId: userId }, limit: 1000 }),
    ctx.db.query(drafts, { where: { _openid: userId } }),
  ])
  const uses = [
    ...own.map(({ _id, images }) => mediaUse('post', _id, userId, images)),
    ...edits.map(({ postId, images }) => mediaUse('post', postId, userId, images)),
    ...kept.map(({ _id, images }) => mediaUse('draft', _id, userId, images)),
  ]
  for (const use of uses) await ctx.transaction((tx) => detachMedia(tx, use))
}

export const consumers: Consumer[] = [
  tellMentioned,
  tellCommented,
  tellJudged,
  takeVerdict,
  renewAuthor,
  forget,
]
