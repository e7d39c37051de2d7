import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { departmentId } from './model.ts'
import { departments, forgetDepartments, readChain, touch } from './store.ts'

/**
 * user/moveDepartment: puts a department with everything below it under another one. Every department above the new
 * place is written too: of two moves that together would close a circle, one writes what the other has read.
 */
export const moveDepartment = defineRoute({
  summary: 'Move a department below another one',
  input: z.object({ departmentId, parentId: departmentId.nullable() }),
  access: 'org:manage',
  audit: { action: 'department.move', subject: (input) => `department/${input.departmentId}` },

  async handle({ departmentId: id, parentId }, ctx) {
    const nowMs = ctx.clock.nowMs()
    await ctx.transaction(async (tx) => {
      const moved = await tx.get(departments, id)
      if (moved.parentId === parentId) return
      const above = await readChain(tx, parentId)
      if (above.some((department) => department._id === id)) {
        refuse('DEPARTMENT_CYCLE', { departmentId: id, parentId })
      }
      for (const [distance, department] of above.entries()) {
        const becomesParent = distance === 0
        await touch(tx, department, becomesParent ? { childCount: department.childCount + 1 } : {})
      }
      if (moved.parentId !== null) {
        // Read here, not before: the old parent may be one of the departments written above.
        const oldParent = await tx.get(departments, moved.parentId)
        await touch(tx, oldParent, { childCount: oldParent.childCount - 1 })
      }
      await tx.put(departments, { ...moved, parentId, revision: moved.revision + 1, updatedAtMs: nowMs })
    })
    await forgetDepartments(ctx)
    return { departmentId: id, parentId }
  },
})
