import * as z from 'zod'
import { defineRoute, forgetPermissions, grants } from '../../_kernel/index.ts'
import { addressBooks } from '../address/store.ts'
import { userDeleted } from '../events.ts'
import { erased } from '../model.ts'
import { users } from '../store.ts'

/**
 * user/deleteAccount: erases the person and leaves a mark that the account existed. Orders keep the copy of the address
 * they were shipped to; whoever else keeps personal data erases it on `user.deleted`. A repeat changes nothing.
 */
export const deleteAccount = defineRoute({
  summary: 'Delete my account and erase my personal data',
  input: z.object({ confirm: z.literal(true) }),
  access: 'user',
  audit: { action: 'user.delete-account', subject: () => 'self' },

  async handle(_input, ctx) {
    const nowMs = ctx.clock.nowMs()
    const deletedAtMs = await ctx.transaction(async (tx) => {
      const user = await tx.get(users, ctx.userId)
      if (user.status === 'deleted') return user.deletedAtMs
      await tx.put(users, erased(user, nowMs))
      await tx.remove(addressBooks, user._id)
      await tx.remove(grants, user._id)
      await tx.emit(userDeleted, { userId: user._id })
      return nowMs
    })
    await forgetPermissions(ctx, ctx.userId)
    return { deletedAtMs }
  },
})
