import * as z from 'zod'
import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { restores, toView } from './model.ts'

/** ops/listRestores: latest first. One database request. */
export const listRestores = defineRoute({
  summary: 'Restores, latest first',
  input: z.strictObject(pageInput.shape),
  access: 'ops:restore',
  whileClosed: true,

  async handle({ cursor, size }, ctx) {
    const page = await ctx.db.page(restores, { orderBy: ['startedAtMs', 'desc'], cursor, size })
    return { items: page.items.map(toView), nextCursor: page.nextCursor }
  },
})
