import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { inboxMessages } from './store.ts'

/** notification/inbox: the caller's messages, newest first, and how many are unread. Two database requests. */
export const inbox = defineRoute({
  summary: 'My messages, newest first, with the number of unread ones',
  input: pageInput,
  access: 'user',

  async handle({ cursor, size }, ctx) {
    const { userId } = ctx
    const [page, unreadCount] = await Promise.all([
      ctx.db.page(inboxMessages, { where: { userId }, orderBy: ['createdAtMs', 'desc'], cursor, size }),
      ctx.db.count(inboxMessages, { userId, isRead: false }),
    ])
    return {
      items: page.items.map(({ _id, code, title, body, page: link, isRead, createdAtMs }) => ({
        messageId: _id,
        code,
        title,
        body,
        page: link,
        isRead,
        createdAtMs,
      })),
      nextCursor: page.nextCursor,
      unreadCount,
    }
  },
})
