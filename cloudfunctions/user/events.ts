import * as z from 'zod'
import { defineEvent } from '../_kernel/index.ts'

/** Whoever keeps personal data of this user erases it now. */
export const userDeleted = defineEvent('user.deleted', z.object({ userId: z.string() }))
