import * as z from 'zod'
import { banList, defineRoute, permissionsOf, refuse } from '../../_kernel/index.ts'
import { assertHolds } from '../role/model.ts'
import { users } from '../store.ts'
import { openid } from './openid.ts'

/** user/ban: shuts an account out of every function, for a time or for good. Banning again replaces the end. */
export const ban = defineRoute({
  summary: 'Suspend an account',
  input: z.object({
    userId: openid,
    /** Without it the ban has no end. */
    untilMs: z.int().positive().optional(),
    reason: z.string().trim().min(1).max(200),
  }),
  access: 'user:ban',
  audit: { action: 'user.ban', subject: ({ userId }) => `user/${userId}` },

  async handle({ userId, untilMs = null, reason }, ctx) {
    const nowMs = ctx.clock.nowMs()
    if (untilMs !== null && untilMs <= nowMs) refuse('INVALID_INPUT', { why: 'untilMs is over already' })
    if (userId === ctx.userId || ctx.settings.ADMIN_OPENIDS.includes(userId)) {
      refuse('FORBIDDEN', { why: 'neither yourself nor an administrator of the environment' })
    }
    await ctx.db.get(users, userId)
    // Nobody suspends somebody who may do more.
    await assertHolds(ctx, [...(await permissionsOf(ctx, userId))])
    const note = { reason, untilMs, byUserId: ctx.userId, atMs: nowMs }
    await ctx.db.update(users, userId, { ban: note })
    await banList.add(ctx, userId, untilMs)
    return { userId, untilMs }
  },
})
