import { subscriptions } from '../_events/index.ts'
import { type Context, defineFunction } from '../_kernel/index.ts'
import { readJobs } from './job-table.ts'
import { routes } from './routes.ts'
import { runJobs } from './run-jobs.ts'

/** No job begins after this time, so that what began, and the events it caused, end within the function's 60 seconds. */
const BUDGET_MS = 30_000

export const main = defineFunction('scheduler', routes, {
  consumers: subscriptions,
  timers: { everyMinute: runDueJobs },
})

/** What is reported goes into the platform's log of the invocation. */
async function runDueJobs(ctx: Context): Promise<{ ran: Record<string, string> }> {
  const runs = await runJobs(ctx, await readJobs(), { trigger: 'timer', budgetMs: BUDGET_MS })
  const outcomes = [...runs].map(([job, run]) => [job, run === 'elsewhere' ? run : run.outcome])
  return { ran: Object.fromEntries(outcomes) }
}
