import * as z from 'zod'
import { defineRoute, forgetPermissions, roles } from '../../_kernel/index.ts'
import { builtInRoles } from './built-in.ts'
import { assertHolds, EVERYBODY } from './model.ts'

/** user/installRoles: stores the built-in roles as the code has them; run it after a deployment that changed one. */
export const installRoles = defineRoute({
  summary: 'Store the built-in roles as this version has them',
  input: z.object({}),
  access: 'role:manage',
  audit: { action: 'role.install', subject: () => 'role/*' },

  async handle(_input, ctx) {
    await assertHolds(ctx, ['*'])
    const nowMs = ctx.clock.nowMs()
    await ctx.transaction(async (tx) => {
      for (const role of builtInRoles) await tx.put(roles, { ...role, updatedAtMs: nowMs })
    })
    await forgetPermissions(ctx, EVERYBODY)
    return { installed: builtInRoles.map(({ _id }) => _id) }
  },
})
