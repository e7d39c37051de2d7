import { command, defineConsumer } from '../_kernel/index.ts'
import { userDeleted } from '../user/public.ts'
import { mediaFiles } from './store.ts'

/** Files that nothing uses go with the user; what is part of something that stays no longer says whose it was. */
export const forgetOnUserDeleted = defineConsumer(
  'media.forget-user',
  userDeleted,
  async ({ payload: { userId } }, ctx) => {
    const sweepAtMs = ctx.clock.nowMs()
    await ctx.db.updateMany(
      mediaFiles,
      { _openid: userId, state: command.neq('removing') },
      { _openid: '', sweepAtMs },
    )
  },
)
