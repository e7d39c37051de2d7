import * as z from 'zod'
import { defineEvent } from '../_kernel/index.ts'

/** Whoever keeps personal data of this user erases it now. */
export const userDeleted = defineEvent('user.deleted', z.object({ userId: z.string() }))

/** Name or picture are other ones now: whoever shows copies of them renews those. */
export const profileChanged = defineEvent(
  'user.profile_changed',
  z.object({ userId: z.string(), nickname: z.string(), avatarFileId: z.string().nullable() }),
)
