import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { openid } from '../people/openid.ts'
import { users } from '../store.ts'
import { departmentId } from './model.ts'
import { departmentMembers, departments, forgetDepartments, touch } from './store.ts'

/** user/setMember: puts somebody into a department, out of the one they were in. Doing it twice changes nothing. */
export const setMember = defineRoute({
  summary: 'Put a user into a department',
  input: z.object({ userId: openid, departmentId, title: z.string().trim().max(40).default('') }),
  access: 'org:manage',
  audit: {
    action: 'department.set-member',
    subject: (input) => `department/${input.departmentId} user/${input.userId}`,
  },

  async handle({ userId, departmentId: id, title }, ctx) {
    const nowMs = ctx.clock.nowMs()
    await ctx.transaction(async (tx) => {
      const user = await tx.get(users, userId)
      if (user.status === 'deleted') refuse('ACCOUNT_DELETED', { userId })
      const department = await tx.get(departments, id)
      const before = await tx.find(departmentMembers, userId)
      if (before?.departmentId !== id) {
        await touch(tx, department, { memberCount: department.memberCount + 1 })
        if (before) {
          const old = await tx.get(departments, before.departmentId)
          await touch(tx, old, { memberCount: old.memberCount - 1 })
        }
      }
      const joinedAtMs = before?.departmentId === id ? before.joinedAtMs : nowMs
      await tx.put(departmentMembers, { _id: userId, departmentId: id, title, joinedAtMs })
    })
    await forgetDepartments(ctx)
    return { userId, departmentId: id }
  },
})
