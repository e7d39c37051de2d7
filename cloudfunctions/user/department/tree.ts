import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { toTree } from './model.ts'
import { readDepartments } from './store.ts'

/** user/departmentTree: all departments, nested. */
export const departmentTree = defineRoute({
  summary: 'All departments as a tree',
  input: z.object({}),
  access: 'org:read',
  handle: async (_input, ctx) => ({ departments: toTree([...(await readDepartments(ctx)).values()]) }),
})
