import * as z from 'zod'
import { defineRoute, grants } from '../../_kernel/index.ts'
import { departmentMembers } from '../department/store.ts'
import { users } from '../store.ts'
import { openid } from './openid.ts'
import { toPersonView } from './view.ts'

/** user/getUser: one person with roles and department. Three database requests. */
export const getUser = defineRoute({
  summary: 'One user with roles and department',
  input: z.object({ userId: openid }),
  access: 'user:read',

  async handle({ userId }, ctx) {
    const user = await ctx.db.get(users, userId)
    const [grant, member] = await Promise.all([
      ctx.db.find(grants, userId),
      ctx.db.find(departmentMembers, userId),
    ])
    return {
      ...toPersonView(user, ctx.clock.nowMs()),
      roles: grant?.roles ?? [],
      departmentId: member?.departmentId ?? null,
    }
  },
})
