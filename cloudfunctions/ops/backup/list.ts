import * as z from 'zod'
import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { backups, toView } from './model.ts'

/** ops/listBackups: latest first. One database request. */
export const listBackups = defineRoute({
  summary: 'Backups, latest first',
  input: z.strictObject(pageInput.shape),
  access: 'ops:backup',
  whileClosed: true,

  async handle({ cursor, size }, ctx) {
    const page = await ctx.db.page(backups, { orderBy: ['startedAtMs', 'desc'], cursor, size })
    return { items: page.items.map(toView), nextCursor: page.nextCursor }
  },
})
