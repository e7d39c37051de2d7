import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { anyRows } from '../rows.ts'
import { keepClosed } from './go-on.ts'
import { toView, transition } from './model.ts'
import { getRestore, replace } from './store.ts'

/**
 * ops/switchRestore: shuts everybody out, to put a loaded backup in place of the data. `ops/continueRestore` does it, once
 * those who were in are done. A flash sale answers without looking whether it is closed, so none may run.
 */
export const switchRestore = defineRoute({
  summary: 'Close for maintenance and put a loaded backup in place',
  input: z.strictObject({ restoreId: idInput, confirm: z.literal('replace my data') }),
  access: 'ops:restore',
  whileClosed: true,
  audit: { action: 'restore.switch', subject: ({ restoreId }) => `restore/${restoreId}` },

  async handle({ restoreId }, ctx) {
    const restore = await getRestore(ctx, restoreId)
    if (restore.state === 'closing') return toView(restore)
    const closedAtMs = ctx.clock.nowMs()
    const next = transition(restore, 'close', { closedAtMs, done: 0 })
    if ((await ctx.db.count(anyRows('flash_sales'), { status: 'running' })) > 0) refuse('SALE_RUNNING')
    // Written down before anybody is shut out: whoever goes on with it, or cancels it, opens again.
    const closing = await replace(ctx, restore, next)
    await keepClosed(ctx)
    return toView(closing)
  },
})
