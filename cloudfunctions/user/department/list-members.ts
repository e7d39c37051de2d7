import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { users } from '../store.ts'
import { departmentId } from './model.ts'
import { departmentMembers } from './store.ts'

/** user/listMembers: who works in a department, without those below it. Two database requests. */
export const listMembers = defineRoute({
  summary: 'Members of a department',
  input: pageInput.extend({ departmentId }),
  access: 'org:read',

  async handle({ departmentId: id, cursor, size }, ctx) {
    const page = await ctx.db.page(departmentMembers, {
      where: { departmentId: id },
      orderBy: ['joinedAtMs', 'asc'],
      cursor,
      size,
    })
    const people = await ctx.db.findMany(
      users,
      page.items.map((member) => member._id),
    )
    const nicknames = new Map(people.map((user) => [user._id, user.nickname]))
    return {
      items: page.items.map((member) => ({
        userId: member._id,
        nickname: nicknames.get(member._id) ?? null,
        title: member.title,
        joinedAtMs: member.joinedAtMs,
      })),
      nextCursor: page.nextCursor,
    }
  },
})
