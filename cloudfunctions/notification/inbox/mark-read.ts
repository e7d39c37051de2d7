import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { inboxMessages, messageId } from './store.ts'

/** notification/markRead: reading twice changes nothing; a stranger's message is not found. */
export const markRead = defineRoute({
  summary: 'Mark one of my messages as read',
  input: z.object({ messageId }),
  access: 'user',

  async handle({ messageId: id }, ctx) {
    const { userId } = ctx
    const changed = await ctx.db.updateIf(inboxMessages, id, { userId, isRead: false }, { isRead: true })
    if (!changed && (await ctx.db.find(inboxMessages, id))?.userId !== userId) {
      refuse('NOT_FOUND', { messageId: id })
    }
    return { messageId: id }
  },
})
