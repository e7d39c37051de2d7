import * as z from 'zod'
import { command, defineRoute, grants, refuse, roles } from '../../_kernel/index.ts'
import { assertNotBuiltIn, roleName } from './model.ts'

/** user/removeRole: only a role that nobody holds. */
export const removeRole = defineRoute({
  summary: 'Remove a role that nobody holds',
  input: z.object({ name: roleName }),
  access: 'role:manage',
  audit: { action: 'role.remove', subject: ({ name }) => `role/${name}` },

  async handle({ name }, ctx) {
    assertNotBuiltIn(name)
    await ctx.transaction(async (tx) => {
      if (!(await tx.find(roles, name))) refuse('ROLE_UNKNOWN', { role: name })
      // Outside of the transaction, but safe: whoever grants the role writes its document, which has been read above,
      // so that a grant which this query misses makes the commit conflict.
      const holders = await ctx.db.query(grants, { where: { roles: command.all([name]) }, limit: 1 })
      if (holders.length > 0) refuse('ROLE_IN_USE', { role: name })
      await tx.remove(roles, name)
    })
    return { name }
  },
})
