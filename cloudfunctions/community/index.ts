import { subscriptions } from '../_events/index.ts'
import { defineFunction } from '../_kernel/index.ts'
import { routes } from './routes.ts'

export const main = defineFunction('community', routes, { consumers: subscriptions })
