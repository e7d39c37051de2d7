import { subscriptions } from '../_events/index.ts'
import { defineFunction } from '../_kernel/index.ts'
import { onMediaCheck } from './check/on-media-check.ts'
import { routes } from './routes.ts'

export const main = defineFunction('media', routes, {
  consumers: subscriptions,
  platformEvents: [onMediaCheck],
})
