import type { Context } from '../_kernel/index.ts'
import { sweepHotStocks } from '../inventory/public.ts'
import { ordersHolding } from '../order/public.ts'
import { type FlashSale, flashSales, type SaleAction, type SaleStatus, statesBefore } from './model.ts'
import { putUnitsBack } from './store.ts'

/** What time and crashes do to sales: starts and ends them, puts units back, frees what was never ordered. */
export async function sweepFlashSales(ctx: Context, pageSize: number) {
  const nowMs = ctx.clock.nowMs()
  const published = await ctx.db.query(flashSales, { where: { hotStock: 'open' }, limit: 100 })
  const isBefore = (action: SaleAction) => (sale: FlashSale) => statesBefore(action).includes(sale.status)
  const toEnd = published.filter(isBefore('close')).filter((sale) => sale.closesAtMs <= nowMs)
  const toStart = published
    .filter(isBefore('start'))
    .filter((sale) => sale.opensAtMs <= nowMs && sale.closesAtMs > nowMs)
  await setStatus(ctx, toEnd, 'ended')
  await setStatus(ctx, toStart, 'running')

  const over = published.filter(
    (sale) => toEnd.includes(sale) || ['ended', 'cancelled'].includes(sale.status),
  )
  for (const sale of over) await putUnitsBack(ctx, sale._id)
  const swept = await sweepHotStocks(ctx, pageSize, (ids) => ordersHolding(ctx, ids))
  // How many are open is no work done: a run that only looked must look quiet.
  return { ended: toEnd.length, started: toStart.length, ...swept }
}

/** Each only if nobody changed it meanwhile: an operator's word counts more than the clock. */
async function setStatus(ctx: Context, sales: FlashSale[], status: SaleStatus): Promise<void> {
  for (const sale of sales) {
    const unchanged = { status: sale.status, updatedAtMs: sale.updatedAtMs }
    await ctx.db.updateIf(flashSales, sale._id, unchanged, { status, updatedAtMs: ctx.clock.nowMs() })
  }
}
