import { defineRoute } from '../../_kernel/index.ts'
import { departmentFields, departmentId } from './model.ts'
import { departments, forgetDepartments } from './store.ts'

/** user/updateDepartment: name, managers and order among its siblings. */
export const updateDepartment = defineRoute({
  summary: 'Change name, managers or order of a department',
  input: departmentFields.extend({ departmentId }),
  access: 'org:manage',
  audit: { action: 'department.update', subject: (input) => `department/${input.departmentId}` },

  async handle({ departmentId: id, ...fields }, ctx) {
    const nowMs = ctx.clock.nowMs()
    await ctx.transaction(async (tx) => {
      const before = await tx.get(departments, id)
      await tx.put(departments, {
        ...before,
        ...fields,
        revision: before.revision + 1,
        updatedAtMs: nowMs,
      })
    })
    await forgetDepartments(ctx)
    return { departmentId: id }
  },
})
