import * as z from 'zod'
import { defineRoute, forgetPermissions, grants, refuse, roles } from '../../_kernel/index.ts'
import { openid } from '../people/openid.ts'
import { users } from '../store.ts'
import { assertHolds, getRole, roleName } from './model.ts'

/** user/grantRole: gives a role to somebody who has signed in before. Granting twice changes nothing. */
export const grantRole = defineRoute({
  summary: 'Give a role to a user',
  input: z.object({ userId: openid, role: roleName }),
  access: 'role:manage',
  audit: { action: 'role.grant', subject: ({ userId, role }) => `user/${userId} role/${role}` },

  async handle({ userId, role: name }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const held = await ctx.transaction(async (tx) => {
      const role = await getRole(tx, name, nowMs)
      await assertHolds(ctx, role.permissions)
      const user = await tx.get(users, userId)
      if (user.status === 'deleted') refuse('ACCOUNT_DELETED', { userId })
      const before = (await tx.find(grants, userId)) ?? { _id: userId, roles: [], updatedAtMs: nowMs }
      const after = [...new Set([...before.roles, name])]
      await tx.put(grants, { ...before, roles: after, updatedAtMs: nowMs })
      // Also stores what the code says of a built-in role, and makes a removal of the role at the same time conflict.
      await tx.put(roles, { ...role, updatedAtMs: nowMs })
      return after
    })
    await forgetPermissions(ctx, userId)
    return { userId, roles: held }
  },
})
