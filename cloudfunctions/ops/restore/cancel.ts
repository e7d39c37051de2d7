import * as z from 'zod'
import { defineRoute, idInput, maintenance } from '../../_kernel/index.ts'
import { releaseJobs } from '../../scheduler/public.ts'
import { toView, transition } from './model.ts'
import { getRestore, replace } from './store.ts'

/** ops/cancelRestore: as long as nothing was replaced. What lies in `<name>_bak` stays until the next restore. */
export const cancelRestore = defineRoute({
  summary: 'Give up a restore and open again',
  input: z.strictObject({ restoreId: idInput }),
  access: 'ops:restore',
  whileClosed: true,
  audit: { action: 'restore.cancel', subject: ({ restoreId }) => `restore/${restoreId}` },

  async handle({ restoreId }, ctx) {
    const restore = await getRestore(ctx, restoreId)
    // Cancelled already, perhaps by a call that died before it could open again.
    const isOver = restore.state === 'cancelled'
    const cancelled = isOver
      ? restore
      : await replace(ctx, restore, transition(restore, 'cancel', { endedAtMs: ctx.clock.nowMs() }))
    if (cancelled.closedAtMs !== null) {
      await maintenance.end(ctx)
      await releaseJobs(ctx)
    }
    return toView(cancelled)
  },
})
