import { defineRoute, forgetPermissions, refuse, roles } from '../../_kernel/index.ts'
import { assertHolds, assertNotBuiltIn, EVERYBODY, roleFields, roleName } from './model.ts'

/** user/updateRole: replaces title and permissions. What the role holds already may stay, also when the caller lacks it. */
export const updateRole = defineRoute({
  summary: 'Change a role',
  input: roleFields.extend({ name: roleName }),
  access: 'role:manage',
  audit: { action: 'role.update', subject: ({ name }) => `role/${name}` },

  async handle({ name, title, permissions }, ctx) {
    assertNotBuiltIn(name)
    const nowMs = ctx.clock.nowMs()
    await ctx.transaction(async (tx) => {
      const before = (await tx.find(roles, name)) ?? refuse('ROLE_UNKNOWN', { role: name })
      const added = permissions.filter((permission) => !before.permissions.includes(permission))
      await assertHolds(ctx, added)
      await tx.put(roles, { ...before, title, permissions, updatedAtMs: nowMs })
    })
    await forgetPermissions(ctx, EVERYBODY)
    return { name }
  },
})
