import * as z from 'zod'
import { banList, defineRoute } from '../../_kernel/index.ts'
import { users } from '../store.ts'
import { openid } from './openid.ts'

/** user/unban: lets an account in again. Doing it twice changes nothing. */
export const unban = defineRoute({
  summary: 'Lift the suspension of an account',
  input: z.object({ userId: openid }),
  access: 'user:ban',
  audit: { action: 'user.unban', subject: ({ userId }) => `user/${userId}` },

  async handle({ userId }, ctx) {
    await banList.remove(ctx, userId)
    await ctx.db.update(users, userId, { ban: null })
    return { userId }
  },
})
