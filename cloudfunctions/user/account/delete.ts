import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { deleteUser } from './delete-user.ts'

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
    return { deletedAtMs: await deleteUser(ctx, ctx.userId) }
  },
})
