import { type Context, command } from '../_kernel/index.ts'
import { sweepHotStocks } from '../inventory/public.ts'
import { ordersExisting } from '../order/public.ts'
import { flashSales, statesBefore } from './model.ts'
import { putUnitsBack } from './store.ts'

/** What time and crashes do to sales: starts and ends them, puts units back, frees what was never ordered. */
export async function sweepFlashSales(ctx: Context, limit: number) {
  const nowMs = ctx.clock.nowMs()
  const ended = await ctx.db.updateMany(
    flashSales,
    { status: command.in(statesBefore('close')), closesAtMs: command.lte(nowMs) },
    { status: 'ended', updatedAtMs: nowMs },
  )
  const started = await ctx.db.updateMany(
    flashSales,
    { status: command.in(statesBefore('start')), opensAtMs: command.lte(nowMs) },
    { status: 'running', updatedAtMs: nowMs },
  )
  const over = await ctx.db.query(flashSales, {
    where: { hotStock: 'open', status: command.in(['ended', 'cancelled']) },
    limit,
  })
  for (const sale of over) await putUnitsBack(ctx, sale._id)
  const swept = await sweepHotStocks(ctx, limit, (ids) => ordersExisting(ctx, ids))
  return { ended, started, ...swept }
}
