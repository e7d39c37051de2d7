import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { verifyNextCounters } from './counters.ts'

/** community/verifyCounters: the next batch now; the scheduler goes through all of them every night. */
export const verifyCounters = defineRoute({
  summary: 'Recount the next batch of counters and repair what is wrong',
  input: z.strictObject({}),
  access: 'community:manage',
  audit: { action: 'counters.verify', subject: () => 'counters' },
  handle: (_input, ctx) => verifyNextCounters(ctx),
})
