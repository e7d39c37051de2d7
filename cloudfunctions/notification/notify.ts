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
  message: { eventId: string; userId: string; code: MessageCode; values: MessageValues },
): Promise<void> {
  const { eventId, userId, code, values } = message
  const kind = kindOf(code)
  const page = kind.page(values)
  await ctx.db.insertIfAbsent(inboxMessages, {
    _id: derivedId('msg', eventId, code, userId),
    _openid: userId,
    userId,
    code,
    ...kind.inbox(values),
    page,
    isRead: false,
    createdAtMs: ctx.clock.nowMs(),
  })
  await sendOnce(ctx, { eventId, userId, code, values, page })
}
