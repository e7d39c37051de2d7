/** The scheduler's work as a function that tests call by hand: `jobs/expire`, `jobs/syncPayments`, … */
import * as z from 'zod'
import { subscriptions } from '../_events/index.ts'
import { type Context, defineFunction, defineRoute, sweepOutbox } from '../_kernel/index.ts'
import { confirmDeliveredOrders, expireUnpaidOrders } from '../order/public.ts'
import { reconcileDay, syncPendingPayments, syncPendingRefunds } from './public.ts'

const job = (run: (ctx: Context) => Promise<unknown>) =>
  defineRoute({
    summary: 'A job',
    input: z.object({}),
    access: 'public',
    handle: async (_input, ctx) => ({ result: await run(ctx) }),
  })
export const main = defineFunction(
  'jobs',
  {
    expire: job((ctx) => expireUnpaidOrders(ctx, 100)),
    confirm: job((ctx) => confirmDeliveredOrders(ctx, 100)),
    syncPayments: job((ctx) => syncPendingPayments(ctx, 100)),
    syncRefunds: job((ctx) => syncPendingRefunds(ctx, 100)),
    sweep: job((ctx) => sweepOutbox(ctx, 100)),
    reconcile: defineRoute({
      summary: 'The daily comparison',
      input: z.object({ day: z.string() }),
      access: 'public',
      handle: ({ day }, ctx) => reconcileDay(ctx, day),
    }),
  },
  { consumers: subscriptions },
)
