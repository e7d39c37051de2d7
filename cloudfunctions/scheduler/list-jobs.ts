import * as z from 'zod'
import { defineRoute } from '../_kernel/index.ts'
import { readJobs } from './job-table.ts'
import { firstState } from './model.ts'
import { readStates } from './store.ts'

export const listJobs = defineRoute({
  summary: 'All jobs: how often, when next, and how the last run went',
  input: z.object({}),
  access: 'scheduler:read',

  async handle(_input, ctx) {
    const jobs = await readJobs()
    const nowMs = ctx.clock.nowMs()
    const states = await readStates(ctx, jobs, nowMs)
    const items = jobs.map((job) => {
      const { _id: name, ...state } = states.get(job.name) ?? firstState(job, nowMs)
      return {
        name,
        summary: job.summary,
        every: job.every,
        ...state,
        isRunning: state.runningUntilMs > nowMs,
      }
    })
    return { items }
  },
})
