import { defineRoute, refuse, roles } from '../../_kernel/index.ts'
import { assertHolds, assertNotBuiltIn, roleFields, roleName } from './model.ts'

/** user/createRole: a name is taken once and for all of its life; refuses ROLE_EXISTS. */
export const createRole = defineRoute({
  summary: 'Create a role',
  input: roleFields.extend({ name: roleName }),
  access: 'role:manage',
  idempotent: 'once',
  audit: { action: 'role.create', subject: ({ name }) => `role/${name}` },

  async handle({ name, title, permissions }, ctx) {
    assertNotBuiltIn(name)
    await assertHolds(ctx, permissions)
    const nowMs = ctx.clock.nowMs()
    return ctx.once(async (tx) => {
      if (await tx.find(roles, name)) refuse('ROLE_EXISTS', { role: name })
      await tx.insert(roles, { _id: name, title, permissions, updatedAtMs: nowMs })
      return { name }
    })
  },
})
