import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { profileChanged } from '../events.ts'
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
    const nowMs = ctx.clock.nowMs()
    return ctx.transaction(async (tx) => {
      const user = await tx.get(users, ctx.userId)
      if (user.status === 'deleted') refuse('ACCOUNT_DELETED', { deletedAtMs: user.deletedAtMs })
      const changed = { ...user, ...fields, updatedAtMs: nowMs }
      await tx.put(users, changed)
      const { nickname, avatarFileId } = changed
      if (nickname !== user.nickname || avatarFileId !== user.avatarFileId) {
        await tx.emit(profileChanged, { userId: user._id, nickname, avatarFileId })
      }
      return profileOf(changed)
    })
  },
})
