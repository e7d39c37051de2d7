import type { Context } from '../../_kernel/index.ts'
import { chainOf, type Department, managersAt } from './model.ts'
import { departmentMembers, readDepartments } from './store.ts'

/** A person's departments from their own to the top; empty when they are in none. */
export async function departmentChain(ctx: Context, userId: string): Promise<Department[]> {
  const member = await ctx.db.find(departmentMembers, userId)
  return member ? chainOf(await readDepartments(ctx), member.departmentId) : []
}

/** Openids of who manages a person at `level`: 1 their own department, 2 the one above. At most two database requests. */
export async function findManagers(ctx: Context, userId: string, level: number): Promise<string[]> {
  return managersAt(await departmentChain(ctx, userId), level)
}

/** The same for every level at once, the own department first; a level without managers is empty. */
export async function findManagerChain(ctx: Context, userId: string): Promise<string[][]> {
  return (await departmentChain(ctx, userId)).map(({ managerIds }) => managerIds)
}
