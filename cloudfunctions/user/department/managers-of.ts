import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { openid } from '../people/openid.ts'
import { findManagers } from './managers.ts'
import { DEPTH_MAX } from './model.ts'

/** user/managersOf: who decides about a person, `level` steps up. */
export const managersOf = defineRoute({
  summary: 'Managers of a user, some levels up',
  input: z.object({ userId: openid, level: z.int().min(1).max(DEPTH_MAX).default(1) }),
  access: 'org:read',
  handle: async ({ userId, level }, ctx) => ({ managerIds: await findManagers(ctx, userId, level) }),
})
