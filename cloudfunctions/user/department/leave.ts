import type { Context } from '../../_kernel/index.ts'
import { departmentMembers, departments, forgetDepartments, touch } from './store.ts'

/** Takes somebody out of their department. False when they were in none. */
export async function leaveDepartment(ctx: Context, userId: string): Promise<boolean> {
  const left = await ctx.transaction(async (tx) => {
    const member = await tx.find(departmentMembers, userId)
    if (!member) return false
    const department = await tx.get(departments, member.departmentId)
    await touch(tx, department, { memberCount: department.memberCount - 1 })
    await tx.remove(departmentMembers, userId)
    return true
  })
  if (left) await forgetDepartments(ctx)
  return left
}
