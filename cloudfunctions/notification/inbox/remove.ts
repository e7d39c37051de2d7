import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { inboxMessages, messageId } from './store.ts'

/** notification/removeMessage: only the caller's own; removing what is gone succeeds. */
export const removeMessage = defineRoute({
  summary: 'Remove one of my messages',
  input: z.object({ messageId }),
  access: 'user',

  async handle({ messageId: id }, ctx) {
    const removed = await ctx.db.removeMany(inboxMessages, { _id: id, userId: ctx.userId })
    return { removed: removed > 0 }
  },
})
