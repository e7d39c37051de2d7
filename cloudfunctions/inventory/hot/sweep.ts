import { type Context, command } from '../../_kernel/index.ts'
import { appendFact, returnLeftover } from './lifecycle.ts'
import { compact, entry, fold, type Reservation } from './log.ts'
import { type HotStock, hotStocks, shardIds, shardsOf } from './model.ts'

/** Longer than a call can take from its request for a unit to its order: see SURELY_HELD_MS in take.ts. */
const RESERVATION_GRACE_MS = 120_000
/** A log this much longer than what it says is rewritten. */
const SPARE_ENTRIES = 300
/**
 * How long a shard remembers an order that has given its units back. A repeat that comes later takes units anew: for an
 * order that never came to be that is a purchase, and `flashsale/buy` gives back what a closed order took.
 */
const REMEMBER_SPENT_MS = 15 * 60_000

interface Swept {
  released: number
  returned: number
  compacted: number
}

/**
 * Repairs what crashes leave behind: releases units whose order never came to be, returns what closed stocks still
 * have, shortens logs. Safe to run beside everything else.
 *
 * @param pageSize how many documents are read at a time; all of them are visited.
 * @param ordersHolding which of the order ids are orders that may hold units: any but closed ones.
 */
export async function sweepHotStocks(
  ctx: Context,
  pageSize: number,
  ordersHolding: (ids: string[]) => Promise<Set<string>>,
): Promise<Swept> {
  const counts: Swept = { released: 0, returned: 0, compacted: 0 }
  const visited = new Set<string>()
  let cursor: string | undefined
  do {
    const page = await ctx.db.page(hotStocks, {
      where: { state: command.in(['open', 'closed']) },
      orderBy: ['closesAtMs', 'asc'],
      cursor,
      size: pageSize,
    })
    for (const stock of page.items) {
      const { hotId } = stock
      if (visited.has(hotId)) continue
      visited.add(hotId)
      // Together, the settled ones included: what one shard holds may have been sold by another.
      const shards = shardsOf(hotId) === 1 ? [stock] : await ctx.db.findMany(hotStocks, shardIds(hotId))
      const { released, returned, compacted } = await sweepOne(ctx, shards, ordersHolding)
      counts.released += released
      counts.returned += returned
      counts.compacted += compacted
    }
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return counts
}

async function sweepOne(
  ctx: Context,
  shards: HotStock[],
  ordersHolding: (ids: string[]) => Promise<Set<string>>,
): Promise<Swept> {
  const { unsure, surplus } = suspects(shards, ctx.clock.nowMs())
  const holding = await ordersHolding(unsure.map(({ reservation }) => reservation.orderId))
  const lost = [...surplus, ...unsure.filter(({ reservation }) => !holding.has(reservation.orderId))]
  for (const { shardId, reservation } of lost) {
    // Said with the time of the last request seen: a repeat that came since keeps its units.
    const text = entry.release(reservation.orderId, reservation.lastAskedAtMs)
    await appendFact(ctx, shardId, text, { frees: true })
  }
  const swept: Swept = { released: lost.length, returned: 0, compacted: 0 }
  for (const stock of shards) {
    if (stock.state === 'settled') continue
    if (stock.state === 'closed') swept.returned += await returnLeftover(ctx, stock._id)
    if (isLong(ctx, stock) && (await shorten(ctx, stock._id))) swept.compacted += 1
  }
  return swept
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
  if (!stock || !isLong(ctx, stock)) return false
  const log = shortLog(ctx, stock)
  // Only if nothing was appended meanwhile; else the next run does it.
  return ctx.db.updateIf(
    hotStocks,
    shardId,
    { entries: stock.entries, epoch: stock.epoch },
    { log, entries: log.length, epoch: command.inc(1) },
  )
}

function isLong(ctx: Context, stock: HotStock): boolean {
  return stock.log.length - shortLog(ctx, stock).length >= SPARE_ENTRIES
}

function shortLog(ctx: Context, stock: HotStock): string[] {
  return compact(stock, ctx.clock.nowMs() - REMEMBER_SPENT_MS)
}
