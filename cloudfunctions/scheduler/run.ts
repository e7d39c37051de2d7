import * as z from 'zod'
import { defineRoute, refuse } from '../_kernel/index.ts'
import { readJobs } from './job-table.ts'
import { runJobs } from './run-jobs.ts'

/** How long an operator waits: clients give up sooner than timers. */
const BUDGET_MS = 10_000

export const run = defineRoute({
  summary: 'Runs a job now',
  input: z.object({ job: z.string().max(40) }),
  access: 'scheduler:run',
  audit: { action: 'scheduler.run', subject: ({ job }) => job },

  async handle({ job: name }, ctx) {
    const jobs = await readJobs()
    const job = jobs.find((known) => known.name === name) ?? refuse('JOB_UNKNOWN', { job: name })
    const done = (await runJobs(ctx, [job], { trigger: 'operator', budgetMs: BUDGET_MS })).get(name)
    if (done === undefined || done === 'elsewhere') return refuse('JOB_RUNNING', { job: name })
    const { outcome, counts, error } = done
    return { job: name, outcome, counts, error }
  },
})
