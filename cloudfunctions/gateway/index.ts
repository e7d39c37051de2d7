import { subscriptions } from '../_events/index.ts'
import { defineFunction } from '../_kernel/index.ts'
import { serve } from './rest/serve.ts'
import { routes } from './routes.ts'

export const main = defineFunction('gateway', routes, { consumers: subscriptions, http: serve })
