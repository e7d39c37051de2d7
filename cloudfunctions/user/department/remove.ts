import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { departmentId } from './model.ts'
import { departments, forgetDepartments, touch } from './store.ts'

/** user/removeDepartment: only an empty one. */
export const removeDepartment = defineRoute({
  summary: 'Remove a department without members and children',
  input: z.object({ departmentId }),
  access: 'org:manage',
  audit: { action: 'department.remove', subject: (input) => `department/${input.departmentId}` },

  async handle({ departmentId: id }, ctx) {
    await ctx.transaction(async (tx) => {
      const department = await tx.get(departments, id)
      const { childCount, memberCount } = department
      if (childCount > 0 || memberCount > 0) refuse('DEPARTMENT_IN_USE', { childCount, memberCount })
      if (department.parentId !== null) {
        const parent = await tx.get(departments, department.parentId)
        await touch(tx, parent, { childCount: parent.childCount - 1 })
      }
      await tx.remove(departments, id)
    })
    await forgetDepartments(ctx)
    return { departmentId: id }
  },
})
