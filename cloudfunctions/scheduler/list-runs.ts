import * as z from 'zod'
import { defineRoute, pageInput } from '../_kernel/index.ts'
import { schedulerRuns } from './model.ts'

export const listRuns = defineRoute({
  summary: 'Runs that did something or failed, latest first',
  input: pageInput.extend({ job: z.string().max(40).optional() }),
  access: 'scheduler:read',

  async handle({ job, cursor, size }, ctx) {
    const where = job === undefined ? {} : { job }
    const page = await ctx.db.page(schedulerRuns, { where, orderBy: ['startedAtMs', 'desc'], cursor, size })
    return {
      items: page.items.map(({ _id, expiresAtMs: _, ...run }) => ({ runId: _id, ...run })),
      nextCursor: page.nextCursor,
    }
  },
})
