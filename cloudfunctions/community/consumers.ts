/** Whom the community tells what, and what it renews or forgets about people. */
import { type Consumer, defineConsumer } from '../_kernel/index.ts'
import { chinaTime, notify } from '../notification/public.ts'
import { profileChanged, userDeleted } from '../user/public.ts'
import { comments } from './comment/store.ts'
import { commented, judged, mentioned } from './events.ts'
import { members } from './member/store.ts'
import { posts } from './post/store.ts'
import { eraseUser } from './privacy.ts'
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
