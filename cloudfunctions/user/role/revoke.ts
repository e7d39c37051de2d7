import * as z from 'zod'
import { defineRoute, forgetPermissions, grants, roles } from '../../_kernel/index.ts'
import { openid } from '../people/openid.ts'
import { findBuiltIn } from './built-in.ts'
import { assertHolds, roleName } from './model.ts'

/** user/revokeRole: takes a role away. Nobody takes away more than they could give. Revoking twice changes nothing. */
export const revokeRole = defineRoute({
  summary: 'Take a role from a user',
  input: z.object({ userId: openid, role: roleName }),
  access: 'role:manage',
  audit: { action: 'role.revoke', subject: ({ userId, role }) => `user/${userId} role/${role}` },

  async handle({ userId, role: name }, ctx) {
    const nowMs = ctx.clock.nowMs()
    const held = await ctx.transaction(async (tx) => {
      const role = findBuiltIn(name) ?? (await tx.find(roles, name))
      await assertHolds(ctx, role?.permissions ?? [])
      const before = await tx.find(grants, userId)
      if (!before?.roles.includes(name)) return before?.roles ?? []
      const after = before.roles.filter((other) => other !== name)
      if (after.length === 0) await tx.remove(grants, userId)
      else await tx.put(grants, { ...before, roles: after, updatedAtMs: nowMs })
      return after
    })
    await forgetPermissions(ctx, userId)
    return { userId, roles: held }
  },
})
