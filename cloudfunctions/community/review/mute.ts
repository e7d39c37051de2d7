import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { members } from '../member/store.ts'

/** community/mute: no posts and no comments until then; reading and liking go on. Muting again replaces the end. */
export const mute = defineRoute({
  summary: 'Keep somebody from writing for a time',
  input: z.strictObject({
    userId: idInput,
    untilMs: z.int().positive(),
    reason: z.string().trim().min(1).max(200),
  }),
  access: 'community:moderate',
  audit: { action: 'member.mute', subject: ({ userId }) => `member/${userId}` },

  async handle({ userId, untilMs, reason }, ctx) {
    if (untilMs <= ctx.clock.nowMs()) refuse('INVALID_INPUT', { why: 'untilMs is over already' })
    if (userId === ctx.userId) refuse('FORBIDDEN', { why: 'oneself' })
    await ctx.transaction(async (tx) => {
      await tx.update(members, userId, { mutedUntilMs: untilMs })
      await tx.audit({
        action: 'member.mute-reason',
        subject: `member/${userId}`,
        details: { untilMs, reason },
      })
    })
    return { userId, untilMs }
  },
})

/** community/unmute */
export const unmute = defineRoute({
  summary: 'Let somebody write again',
  input: z.strictObject({ userId: idInput }),
  access: 'community:moderate',
  audit: { action: 'member.unmute', subject: ({ userId }) => `member/${userId}` },

  async handle({ userId }, ctx) {
    await ctx.transaction(async (tx) => {
      await tx.update(members, userId, { mutedUntilMs: null })
    })
    return { userId }
  },
})
