import { type Context, collection, defineCache, refuse, type Tx } from '../../_kernel/index.ts'
import { DEPARTMENTS_MAX, DEPTH_MAX, type Department, departmentSchema, memberSchema } from './model.ts'

export const departments = collection('departments', departmentSchema)
export const departmentMembers = collection('department_members', memberSchema)

const ALL = 'all'
const departmentCache = defineCache<ReadonlyMap<string, Department>>({
  name: 'departments',
  ttlMs: 60_000,
  max: 1,
  shared: true,
})

/** The whole tree: one database request per instance and minute. */
export async function readDepartments(ctx: Context): Promise<ReadonlyMap<string, Department>> {
  return departmentCache.get(ctx, ALL, async () => {
    const all = await ctx.db.query(departments, { orderBy: [['_id', 'asc']], limit: DEPARTMENTS_MAX })
    return new Map(all.map((department) => [department._id, department]))
  })
}

export async function forgetDepartments(ctx: Context): Promise<void> {
  await departmentCache.invalidate(ctx, ALL)
}

/** Writes a department with one more child, member or change below it. */
export async function touch(
  tx: Tx,
  department: Department,
  change: Partial<Pick<Department, 'childCount' | 'memberCount'>> = {},
): Promise<Department> {
  const touched = { ...department, ...change, revision: department.revision + 1 }
  await tx.put(departments, touched)
  return touched
}

/** The departments above `parentId` and itself, read in the transaction. Refuses DEPARTMENT_TOO_DEEP. */
export async function readChain(tx: Tx, parentId: string | null): Promise<Department[]> {
  const chain: Department[] = []
  for (let id = parentId; id !== null; ) {
    if (chain.length >= DEPTH_MAX - 1) refuse('DEPARTMENT_TOO_DEEP', { limit: DEPTH_MAX })
    const department = await tx.get(departments, id)
    chain.push(department)
    id = department.parentId
  }
  return chain
}
