import * as z from 'zod'
import { command, defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { FOLLOWING_MAX } from '../member/model.ts'
import { joinedMember, members } from '../member/store.ts'
import { setTie } from './store.ts'

/** community/follow: the tie, the list of the one and the counter of the other change together. */
export const follow = defineRoute({
  summary: 'Follow somebody, or no longer',
  input: z.strictObject({ userId: idInput, on: z.boolean() }),
  access: 'user',
  rateLimit: { limit: 60, perMs: 60_000 },

  async handle({ userId, on }, ctx) {
    if (userId === ctx.userId) refuse('INVALID_INPUT', { field: 'userId', why: 'oneself' })
    await joinedMember(ctx)
    await setTie(ctx, { kind: 'follow', targetId: userId, on }, async (tx, by) => {
      const me = await tx.get(members, ctx.userId)
      const others = me.followingIds.filter((id) => id !== userId)
      if (by > 0 && others.length >= FOLLOWING_MAX) refuse('FOLLOWING_LIMIT', { max: FOLLOWING_MAX })
      await tx.update(members, userId, { followerCount: command.inc(by), countVersion: command.inc(1) })
      await tx.update(members, ctx.userId, {
        followingIds: by > 0 ? [...others, userId] : others,
        countVersion: command.inc(1),
      })
    })
    return { userId, isFollowed: on }
  },
})
