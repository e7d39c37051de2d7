import * as z from 'zod'
import { defineRoute, refuse } from '../_kernel/index.ts'
import { findJob } from './jobs.ts'
import { firstState } from './model.ts'
import { runJob } from './run-job.ts'
import { readStates } from './store.ts'

/** How long an operator waits: clients give up sooner than timers. */
const BUDGET_MS = 10_000

export const run = defineRoute({
  summary: 'Runs a job now',
  input: z.object({ job: z.string().max(40) }),
  access: 'scheduler:run',
  audit: { action: 'scheduler.run', subject: ({ job }) => job },

  async handle({ job: name }, ctx) {
    const job = findJob(name) ?? refuse('JOB_UNKNOWN', { job: name })
    const startedAtMs = ctx.clock.nowMs()
    const state = (await readStates(ctx, [job])).get(name) ?? firstState(job, startedAtMs)
    const done = await runJob(ctx, job, state, 'operator', () => ctx.clock.nowMs() - startedAtMs >= BUDGET_MS)
    const { outcome, counts, error } = done ?? refuse('JOB_RUNNING', { job: name })
    return { job: name, outcome, counts, error }
  },
})
