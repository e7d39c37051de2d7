import { command, defineRoute, grants, pageInput } from '../../_kernel/index.ts'
import { users } from '../store.ts'
import { roleName } from './model.ts'

/** user/listStaff: who holds which role. Two database requests for a page. */
export const listStaff = defineRoute({
  summary: 'Users who hold roles',
  input: pageInput.extend({ role: roleName.optional() }),
  access: 'role:manage',

  async handle({ role, cursor, size }, ctx) {
    const page = await ctx.db.page(grants, {
      where: role === undefined ? undefined : { roles: command.all([role]) },
      orderBy: ['_id', 'asc'],
      cursor,
      size,
    })
    const people = await ctx.db.findMany(
      users,
      page.items.map(({ _id }) => _id),
    )
    const nicknames = new Map(people.map(({ _id, nickname }) => [_id, nickname]))
    return {
      items: page.items.map((grant) => ({
        userId: grant._id,
        nickname: nicknames.get(grant._id) ?? null,
        roles: grant.roles,
      })),
      nextCursor: page.nextCursor,
    }
  },
})
