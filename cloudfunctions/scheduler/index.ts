import { subscriptions } from '../_events/index.ts'
import { defineFunction } from '../_kernel/index.ts'
import { routes } from './routes.ts'
import { runDueJobs } from './run-due-jobs.ts'

export const main = defineFunction('scheduler', routes, {
  consumers: subscriptions,
  timers: { everyMinute: runDueJobs },
})
