import { subscriptions } from '../_events/index.ts'
import { defineFunction, type HttpHandler } from '../_kernel/index.ts'
import { routes } from './routes.ts'

/** Loaded by the first request: operators' calls need none of it. */
const serve: HttpHandler = async (request, entry) => (await import('./rest/serve.ts')).serve(request, entry)

export const main = defineFunction('gateway', routes, { consumers: subscriptions, http: serve })
