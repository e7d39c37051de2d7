import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { openid } from '../people/openid.ts'
import { leaveDepartment } from './leave.ts'

/** user/removeMember: takes somebody out of their department. Doing it twice changes nothing. */
export const removeMember = defineRoute({
  summary: 'Take a user out of their department',
  input: z.object({ userId: openid }),
  access: 'org:manage',
  audit: { action: 'department.remove-member', subject: ({ userId }) => `user/${userId}` },
  handle: async ({ userId }, ctx) => ({ removed: await leaveDepartment(ctx, userId) }),
})
