/** Requests for privacy as a function that tests call by hand. */
import * as z from 'zod'
import { subscriptions } from '../_events/index.ts'
import { type Context, defineFunction, defineRoute } from '../_kernel/index.ts'
import { eraseUser, exportUser } from './public.ts'

const about = (handle: (ctx: Context, userId: string) => Promise<unknown>) =>
  defineRoute({
    summary: 'A request for privacy',
    input: z.object({ userId: z.string() }),
    access: 'privacy:erase',
    handle: async ({ userId }, ctx) => (await handle(ctx, userId)) ?? null,
  })

export const main = defineFunction(
  'privacy',
  { erase: about(eraseUser), export: about(exportUser) },
  { consumers: subscriptions },
)
