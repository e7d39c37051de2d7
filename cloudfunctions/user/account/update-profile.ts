import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { cloudFileId, profileOf } from '../model.ts'
import { users } from '../store.ts'

/** user/updateProfile: changes the named fields only. */
export const updateProfile = defineRoute({
  summary: 'Change my nickname, avatar or gender',
  input: z
    .object({
      nickname: z.string().trim().min(1).max(32),
      avatarFileId: cloudFileId.nullable(),
      gender: z.enum(['unknown', 'male', 'female']),
    })
    .partial()
    .refine((fields) => Object.keys(fields).length > 0, 'name at least one field'),
  access: 'user',
  rateLimit: { limit: 20, perMs: 60_000 },

  async handle(fields, ctx) {
    const changed = await ctx.db.updateAndReturn(
      users,
      { _id: ctx.userId, status: 'active' },
      { ...fields, updatedAtMs: ctx.clock.nowMs() },
    )
    if (changed) return profileOf(changed)
    const user = await ctx.db.get(users, ctx.userId)
    return refuse('ACCOUNT_DELETED', { deletedAtMs: user.deletedAtMs })
  },
})
