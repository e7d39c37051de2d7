import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { profileOf } from '../model.ts'
import { getActiveUser } from '../store.ts'

/** user/profile: what the caller may see of the own account. */
export const profile = defineRoute({
  summary: 'My profile',
  input: z.object({}),
  access: 'user',
  handle: async (_input, ctx) => profileOf(await getActiveUser(ctx)),
})
