/** The scheduler's work on approvals as a function that tests call by hand. */
import * as z from 'zod'
import { subscriptions } from '../_events/index.ts'
import { defineFunction, defineRoute } from '../_kernel/index.ts'
import { moveDueApprovals, replaceLeavers } from './public.ts'

export const main = defineFunction(
  'jobs',
  {
    approvals: defineRoute({
      summary: 'Moves what is due',
      input: z.object({}),
      access: 'public',
      handle: async (_input, ctx) => ({
        moved: await moveDueApprovals(ctx, 100),
        replaced: await replaceLeavers(ctx, 100),
      }),
    }),
  },
  { consumers: subscriptions },
)
