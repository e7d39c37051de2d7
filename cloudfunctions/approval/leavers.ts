/** People who left: what they were asked goes to others. Small, because every function that may end an account brings it along. */
import * as z from 'zod'
import { type Consumer, collection, defineConsumer, text } from '../_kernel/index.ts'
import { findManagerChain, userDeleted } from '../user/public.ts'

/** Until all their tasks have gone to others. */
export const leavers = collection(
  'approval_leavers',
  z.object({
    _id: text,
    leftAtMs: z.int(),
    /** Whom they had then, nearest first. */
    managers: z.array(text),
  }),
)

/** Only notes it, before the person is taken out of their department: `replaceLeavers` does the work, in the scheduler. */
export const noteLeaver: Consumer = defineConsumer(
  'approval.note-leaver',
  userDeleted,
  async ({ payload: { userId }, occurredAtMs }, ctx) => {
    const managers = (await findManagerChain(ctx, userId)).flat()
    await ctx.db.insertIfAbsent(leavers, { _id: userId, leftAtMs: occurredAtMs, managers })
  },
)
