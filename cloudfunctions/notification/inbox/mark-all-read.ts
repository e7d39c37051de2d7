import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { inboxMessages } from './store.ts'

/** notification/markAllRead: one database request however many there are. */
export const markAllRead = defineRoute({
  summary: 'Mark all of my messages as read',
  input: z.object({}),
  access: 'user',

  async handle(_input, ctx) {
    const { userId } = ctx
    return { marked: await ctx.db.updateMany(inboxMessages, { userId, isRead: false }, { isRead: true }) }
  },
})
