import * as z from 'zod'
import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { jobSchema } from './model.ts'
import { jobs } from './send.ts'

/** notification/listJobs: subscribe messages by what became of them, newest first. One database request. */
export const listJobs = defineRoute({
  summary: 'Subscribe messages and what became of them',
  input: pageInput.extend({ status: jobSchema.shape.status.optional(), code: z.string().max(64).optional() }),
  access: 'notification:manage',

  async handle({ status, code, cursor, size }, ctx) {
    const page = await ctx.db.page(jobs, {
      where: { ...(status === undefined ? {} : { status }), ...(code === undefined ? {} : { code }) },
      orderBy: ['createdAtMs', 'desc'],
      cursor,
      size,
    })
    return {
      items: page.items.map(({ _id, ...job }) => ({ jobId: _id, ...job })),
      nextCursor: page.nextCursor,
    }
  },
})
