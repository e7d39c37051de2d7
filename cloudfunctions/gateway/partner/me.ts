import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { partners } from './model.ts'

/** gateway/me: who a token belongs to, and what is left of today. For partners alone; nobody else has such an id. */
export const me = defineRoute({
  summary: 'Who you are to us, your scopes and limits',
  input: z.strictObject({}),
  access: 'partner:read',

  async handle(_input, ctx) {
    const { _id, name, scopes, perMinute, perDay, dayLeft } = await ctx.db.get(partners, ctx.userId)
    return { partnerId: _id, name, scopes, perMinute, perDay, dayLeft }
  },
})
