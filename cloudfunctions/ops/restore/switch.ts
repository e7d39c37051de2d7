import * as z from 'zod'
import { type Context, defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { anyRows } from '../rows.ts'
import { keepClosed } from './go-on.ts'
import { toView, transition } from './model.ts'
import { getRestore, replace } from './store.ts'

/**
 * ops/switchRestore: shuts everybody out, to put a loaded backup in place of the data. `ops/continueRestore` does it, once
 * those who were in are done.
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
    await assertNoSale(ctx, closedAtMs)
    // Written down before anybody is shut out: whoever goes on with it, or cancels it, opens again.
    const closing = await replace(ctx, restore, next)
    await keepClosed(ctx)
    return toView(closing)
  },
})

/** Longer than a switch takes. */
const AHEAD_MS = 2 * 3_600_000

/** A flash sale answers without looking whether it is closed, so none may run or begin meanwhile. */
async function assertNoSale(ctx: Context, nowMs: number): Promise<void> {
  const open = await ctx.db.query(anyRows('flash_sales'), { where: { hotStock: 'open' }, limit: 100 })
  const running = open.find(({ opensAtMs }) => Number(opensAtMs) < nowMs + AHEAD_MS)
  if (running) refuse('SALE_RUNNING', { saleId: running._id })
}
