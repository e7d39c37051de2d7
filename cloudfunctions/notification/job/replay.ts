import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import type { Job } from './model.ts'
import { claim } from './retry.ts'
import { attempt, jobs } from './send.ts'

const REPLAYABLE: ReadonlySet<Job['status']> = new Set<Job['status']>(['failed', 'dead', 'dropped'])

/** notification/replayJob: tries a failed, dead or dropped message again, at once. A user's refusal is not overruled. */
export const replayJob = defineRoute({
  summary: 'Try a failed subscribe message again',
  input: z.object({ jobId: idInput }),
  access: 'notification:manage',
  audit: { action: 'message.replay', subject: ({ jobId }) => `message/${jobId}` },

  async handle({ jobId }, ctx) {
    const job = await ctx.db.get(jobs, jobId)
    if (!REPLAYABLE.has(job.status)) return refuse('MESSAGE_STATE', { jobId, status: job.status })
    const claimed = await claim(ctx, job, 1)
    if (!claimed) return refuse('STALE', { jobId })
    return { jobId, status: await attempt(ctx, claimed) }
  },
})
