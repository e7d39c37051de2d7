import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { inboxMessages } from './store.ts'

/** notification/unreadCount: for the badge. One database request. */
export const unreadCount = defineRoute({
  summary: 'How many of my messages are unread',
  input: z.object({}),
  access: 'user',

  async handle(_input, ctx) {
    return { unreadCount: await ctx.db.count(inboxMessages, { userId: ctx.userId, isRead: false }) }
  },
})
