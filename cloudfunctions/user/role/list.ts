import * as z from 'zod'
import { defineRoute, roles } from '../../_kernel/index.ts'
import { builtInRoles, findBuiltIn, permissionTitles } from './built-in.ts'

const ROLES_MAX = 500

/** user/listRoles: built-in and own roles, and the permissions that a role can be composed of. */
export const listRoles = defineRoute({
  summary: 'All roles and permissions',
  input: z.object({}),
  access: 'role:manage',

  async handle(_input, ctx) {
    const stored = await ctx.db.query(roles, { orderBy: [['_id', 'asc']], limit: ROLES_MAX })
    const own = stored.filter(({ _id }) => !findBuiltIn(_id))
    return {
      roles: [
        ...builtInRoles.map((role) => ({ ...toView(role), builtIn: true })),
        ...own.map((role) => ({ ...toView(role), builtIn: false })),
      ],
      permissions: Object.entries(permissionTitles).map(([permission, title]) => ({ permission, title })),
    }
  },
})

function toView({ _id, title, permissions }: { _id: string; title: string; permissions: string[] }) {
  return { name: _id, title, permissions }
}
