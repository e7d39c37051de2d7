import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { departmentChain } from './managers.ts'

/** user/myDepartments: the caller's department and those above it; empty for customers. */
export const myDepartments = defineRoute({
  summary: 'My department and those above it',
  input: z.object({}),
  access: 'user',

  async handle(_input, ctx) {
    const chain = await departmentChain(ctx, ctx.userId)
    return {
      departments: chain.map(({ _id, name, managerIds }) => ({ departmentId: _id, name, managerIds })),
    }
  },
})
