/** What other capabilities may use of `inventory`. */
import type { Context } from '../_kernel/index.ts'
import { fold } from './hot/log.ts'
import { hotStocks, shardIds } from './hot/model.ts'
import { availableOf, stocks } from './stock/model.ts'

export { consumers } from './consumers.ts'
export { stockLow } from './events.ts'
export { closeHotStock, giveBackHot, openHotStock, settleHot } from './hot/lifecycle.ts'
export { hotIdFor, MAX_SHARDS, mostUnits, UNITS_PER_SHARD } from './hot/model.ts'
export { sweepHotStocks } from './hot/sweep.ts'
export { type Take, type Taking, takeHotStock } from './hot/take.ts'
export { eraseUser, exportUser } from './privacy.ts'
export { releaseStock, reserveStock, returnStock, type StockLine, settleSold } from './stock/hold.ts'

/** What partners may call, loaded when the first of them calls. */
export const partnerRoutes = async () => (await import('./partner-routes.ts')).routes

/** How many units of each SKU can be bought; 0 for one without stock. One database request. */
export async function availability(ctx: Context, skuIds: readonly string[]): Promise<Map<string, number>> {
  const found = await ctx.db.findMany(stocks, skuIds)
  const available = new Map(skuIds.map((skuId) => [skuId, 0]))
  for (const stock of found) available.set(stock._id, availableOf(stock))
  return available
}

export interface HotCounts {
  units: number
  left: number
  held: number
  sold: number
  returned: number
}

/** Where the units of a hot stock are; undefined before it was opened. One database request. */
export async function hotCounts(ctx: Context, hotId: string): Promise<HotCounts | undefined> {
  const shards = await ctx.db.findMany(hotStocks, shardIds(hotId))
  if (shards.length === 0) return undefined
  const counts = { units: 0, left: 0, held: 0, sold: 0, returned: 0 }
  for (const shard of shards) {
    const { left, reservations } = fold(shard)
    counts.units += shard.units
    counts.left += left - shard.returned
    counts.returned += shard.returned
    for (const { status, units } of reservations.values()) if (status !== 'released') counts[status] += units
  }
  return counts
}
