/** Whom the community tells what, and what it renews or forgets about people. */
import { type Consumer, defineConsumer } from '../_kernel/index.ts'
import { chinaTime, notify } from '../notification/public.ts'
import { profileCard, profileChanged, userDeleted } from '../user/public.ts'
import { comments } from './comment/store.ts'
import { commented, judged, mentioned } from './events.ts'
import { members } from './member/store.ts'
import { posts } from './post/store.ts'
import { eraseUser } from './privacy.ts'
import { takeVerdict } from './review/take-verdict.ts'

const tellMentioned = defineConsumer('community.tell-mentioned', mentioned, (event, ctx) => {
  const { userId, postId, who, byId: fromUserId, excerpt } = event.payload
  const values = { postId, who, excerpt: excerpt || '图片', time: chinaTime(event.occurredAtMs) }
  return notify(ctx, { eventId: event.id, userId, fromUserId, code: 'community.mentioned', values })
})

const tellCommented = defineConsumer('community.tell-commented', commented, (event, ctx) => {
  const { userId, postId, who, byId: fromUserId, excerpt } = event.payload
  const values = { postId, who, excerpt, time: chinaTime(event.occurredAtMs) }
  return notify(ctx, { eventId: event.id, userId, fromUserId, code: 'community.commented', values })
})

const RESULTS = { approve: '已通过', reject: '未通过', takeDown: '已下架' }

const tellJudged = defineConsumer('community.tell-judged', judged, (event, ctx) => {
  const { userId, postId, excerpt, action, reason, isAppeal } = event.payload
  const result = isAppeal ? `申诉${action === 'approve' ? '成功' : '未通过'}` : RESULTS[action]
  const values = { postId, excerpt: excerpt || '图片', result, reason, time: chinaTime(event.occurredAtMs) }
  return notify(ctx, { eventId: event.id, userId, code: 'community.judged', values })
})

/**
 * Copies of name and picture, as they are now and not as the event tells: it may come again after a later change. A change
 * at this very moment is found by looking again.
 */
const renewAuthor = defineConsumer('community.renew-author', profileChanged, async ({ payload }, ctx) => {
  const { userId } = payload
  if (!(await ctx.db.find(members, userId))) return
  for (let card = await profileCard(ctx, userId), isLatest = false; !isLatest; ) {
    const author = { userId, ...card }
    await ctx.db.update(members, userId, card)
    await ctx.db.updateMany(posts, { _openid: userId }, { author })
    await ctx.db.updateMany(comments, { _openid: userId }, { author })
    const latest = await profileCard(ctx, userId)
    isLatest = latest.nickname === card.nickname && latest.avatarFileId === card.avatarFileId
    card = latest
  }
})

const forget = defineConsumer('community.forget-user', userDeleted, ({ payload: { userId } }, ctx) =>
  eraseUser(ctx, userId),
)

export const consumers: Consumer[] = [
  tellMentioned,
  tellCommented,
  tellJudged,
  takeVerdict,
  renewAuthor,
  forget,
]
