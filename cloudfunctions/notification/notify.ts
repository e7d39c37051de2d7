import { type Context, derivedId } from '../_kernel/index.ts'
import { inboxMessages } from './inbox/store.ts'
import { sendOnce } from './job/send.ts'
import { kindOf, type MessageCode, type MessageValues } from './kinds.ts'

/**
 * Tells a user something: an inbox entry, and a subscribe message if they agreed to it. Once per event, kind and user,
 * however often it is called. Fails only when the database does, never because of WeChat.
 */
export async function notify(
  ctx: Context,
  message: {
    eventId: string
    userId: string
    /** Whose words or name the values tell, if they are somebody else's. */
    fromUserId?: string | undefined
    code: MessageCode
    values: MessageValues
  },
): Promise<void> {
  const { eventId, userId, fromUserId = null, code, values } = message
  const kind = kindOf(code)
  const page = kind.page(values)
  await ctx.db.insertIfAbsent(inboxMessages, {
    _id: derivedId('msg', eventId, code, userId),
    _openid: userId,
    userId,
    fromUserId,
    code,
    ...kind.inbox(values),
    page,
    isRead: false,
    createdAtMs: ctx.clock.nowMs(),
  })
  await sendOnce(ctx, { eventId, userId, fromUserId, code, values, page })
}
