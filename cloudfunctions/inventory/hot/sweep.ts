import { type Context, command } from '../../_kernel/index.ts'
import { appendFact, returnLeftover } from './lifecycle.ts'
import { compact, entry, fold, type Reservation } from './log.ts'
import { type HotStock, hotStocks } from './model.ts'

/** Longer than a call can take from its request for a unit to its order: see SURELY_HELD_MS in take.ts. */
export const RESERVATION_GRACE_MS = 120_000
/** A log this much longer than what it says is rewritten. */
const SPARE_ENTRIES = 300

/**
 * Repairs what crashes leave behind: releases units whose order never came to be, returns what closed stocks still
 * have, shortens logs. Safe to run beside everything else.
 *
 * @param ordersExisting which of the order ids are orders.
 */
export async function sweepHotStocks(
  ctx: Context,
  limit: number,
  ordersExisting: (ids: string[]) => Promise<Set<string>>,
): Promise<{ stocks: number; released: number; returned: number; compacted: number }> {
  const stocks = await ctx.db.query(hotStocks, {
    where: { state: command.in(['open', 'closed']) },
    orderBy: [['closesAtMs', 'asc']],
    limit,
  })
  const counts = { stocks: stocks.length, released: 0, returned: 0, compacted: 0 }
  for (const shards of groupByHotId(stocks)) {
    const { unsure, surplus } = suspects(shards, ctx.clock.nowMs())
    const existing = await ordersExisting(unsure.map(({ reservation }) => reservation.orderId))
    const lost = [...surplus, ...unsure.filter(({ reservation }) => !existing.has(reservation.orderId))]
    for (const { shardId, reservation } of lost) {
      // Said with the time of the last request seen: a repeat that came since keeps its units.
      const text = entry.release(reservation.orderId, reservation.lastAskedAtMs)
      await appendFact(ctx, shardId, text, { frees: true })
    }
    counts.released += lost.length
  }
  for (const stock of stocks) {
    if (stock.state === 'closed') counts.returned += await returnLeftover(ctx, stock._id)
    if (await shorten(ctx, stock._id)) counts.compacted += 1
  }
  return counts
}

interface Suspect {
  shardId: string
  reservation: Reservation
}

const MOST_SUSPECTS = 1_000

/**
 * `unsure`: held longer than any call takes, so that the order exists or never will. `surplus`: a repeat found units in
 * another shard than the first try, and the order has by now been paid or closed with one of them.
 */
function suspects(shards: HotStock[], nowMs: number): { unsure: Suspect[]; surplus: Suspect[] } {
  const folds = shards.map((stock) => ({ shardId: stock._id, reservations: fold(stock).reservations }))
  const unsure: Suspect[] = []
  const surplus: Suspect[] = []
  for (const { shardId, reservations } of folds) {
    for (const reservation of reservations.values()) {
      if (reservation.status !== 'held' || nowMs - reservation.lastAskedAtMs < RESERVATION_GRACE_MS) continue
      const isFinished = folds.some(
        (other) => other.shardId !== shardId && isDecided(other.reservations.get(reservation.orderId)),
      )
      ;(isFinished && reservation.units > 0 ? surplus : unsure).push({ shardId, reservation })
    }
  }
  return { unsure: unsure.slice(0, MOST_SUSPECTS), surplus }
}

function isDecided(reservation: Reservation | undefined): boolean {
  return reservation !== undefined && reservation.units > 0 && reservation.status !== 'held'
}

async function shorten(ctx: Context, shardId: string): Promise<boolean> {
  const stock = await ctx.db.find(hotStocks, shardId)
  if (!stock) return false
  const log = compact(stock)
  if (stock.log.length - log.length < SPARE_ENTRIES) return false
  // Only if nothing was appended meanwhile; else the next run does it.
  return ctx.db.updateIf(
    hotStocks,
    shardId,
    { entries: stock.entries, epoch: stock.epoch },
    { log, entries: log.length, epoch: command.inc(1) },
  )
}

function groupByHotId(stocks: HotStock[]): Iterable<HotStock[]> {
  const groups = new Map<string, HotStock[]>()
  for (const stock of stocks) groups.set(stock.hotId, [...(groups.get(stock.hotId) ?? []), stock])
  return groups.values()
}
