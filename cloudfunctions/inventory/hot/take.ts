import { type Context, command } from '../../_kernel/index.ts'
import { isFresh, type Known, knownShard, learn } from './known.ts'
import { entry } from './log.ts'
import { homeShard, hotStocks, MAX_ENTRIES, shardIds, userKeyOf } from './model.ts'

export interface Taking {
  hotId: string
  userId: string
  orderId: string
  quantity: number
}

export type Take =
  /** `shardId` holds the units: it goes with the order, because `giveBackHot` and `settleHot` want it. */
  | { outcome: 'taken'; shardId: string; terms: Record<string, unknown>; takenAtMs: number }
  /** This order id was here before, and gets nothing any more: either its order exists, or it never will. */
  | { outcome: 'past' }
  /** This order id was here before with another quantity. */
  | { outcome: 'reused' }
  | { outcome: 'sold-out' | 'limit-reached' | 'not-started' | 'ended' | 'busy' | 'not-found' }

/** Units asked for this recently are not released by the sweeper, so that their order may still be placed. */
const SURELY_HELD_MS = 30_000

/**
 * Takes units for an order: one database request decides everything, and none is made when this instance saw a moment
 * ago that there is nothing to get. A repeat with the same order id gets the same units.
 *
 * When a user's own shard is out of units, a second request asks another one. If that has none either, the answer is
 * `busy` and not `sold-out`, because a third may have some: the user tries again with the same order id.
 */
export async function takeHotStock(ctx: Context, taking: Taking): Promise<Take> {
  const nowMs = ctx.clock.nowMs()
  const home = homeShard(taking.hotId, taking.userId)
  const userKey = userKeyOf(taking.userId)

  const known = knownShard(home)
  const remembered = known && fromMemory(known, taking, nowMs)
  if (remembered) return remembered
  const refusal = known && refusalSeen(known, taking, userKey)
  if (known && refusal && isFresh(known, nowMs)) return { outcome: refusal }
  if (home !== taking.hotId) {
    const everywhere = await refusalEverywhere(ctx, taking, home, nowMs)
    if (everywhere) return everywhere
  }

  const ask = entry.ask(taking.orderId, userKey, taking.quantity, nowMs)
  const seen = await append(ctx, home, ask, refusal && known?.stock.freed)
  if (!seen) {
    if (!known || !refusal || nowMs >= known.stock.closesAtMs) return explain(ctx, home, taking)
    // It was refused for what was seen, and nothing has come back since: it still is.
    known.seenAtMs = nowMs
    return { outcome: refusal }
  }
  return seen.lastOutcome === 'claimed' ? takeElsewhere(ctx, taking, home) : toTake(seen, taking)
}

/** What follows from an earlier look whatever happened since. */
function fromMemory(known: Known, { orderId, quantity }: Taking, nowMs: number): Take | undefined {
  const { stock, reservations } = known
  if (nowMs < stock.opensAtMs && isFresh(known, nowMs)) return { outcome: 'not-started' }
  const earlier = reservations.get(orderId)
  if (stock.state !== 'open' || nowMs >= stock.closesAtMs) {
    if (earlier) return { outcome: 'past' }
    return isFresh(known, nowMs) ? { outcome: 'ended' } : undefined
  }
  if (earlier?.status === 'released') return { outcome: 'past' }
  if (earlier && earlier.quantity !== quantity) return { outcome: 'reused' }
  const isSurelyHeld = earlier !== undefined && nowMs - earlier.lastAskedAtMs < SURELY_HELD_MS
  return isSurelyHeld && earlier.units > 0 ? taken(known, orderId) : undefined
}

/** Why the shard, as it was seen, refuses. In a sharded stock being out of units is no reason: others may have some. */
function refusalSeen(
  known: Known,
  taking: Taking,
  userKey: string,
): 'sold-out' | 'limit-reached' | undefined {
  if (known.reservations.has(taking.orderId)) return undefined
  if ((known.byUser.get(userKey) ?? 0) + taking.quantity > known.stock.perUser) return 'limit-reached'
  return known.stock._id === taking.hotId && known.left < taking.quantity ? 'sold-out' : undefined
}

/** When every shard was seen full, looks again at the one seen longest ago: at most one database request. */
async function refusalEverywhere(
  ctx: Context,
  taking: Taking,
  home: string,
  nowMs: number,
): Promise<Take | undefined> {
  if (knownShard(home)?.reservations.has(taking.orderId)) return undefined
  let stalest: Known | undefined
  for (const shardId of shardIds(taking.hotId)) {
    const known = knownShard(shardId)
    if (!known || known.left >= taking.quantity) return undefined
    if (!stalest || known.seenAtMs < stalest.seenAtMs) stalest = known
  }
  if (!stalest || isFresh(stalest, nowMs)) return { outcome: 'sold-out' }
  const stock = await ctx.db.find(hotStocks, stalest.stock._id)
  if (!stock || learn(stock, nowMs).left < taking.quantity) return { outcome: 'sold-out' }
  return stock._id === home ? undefined : { outcome: 'busy' }
}

async function takeElsewhere(ctx: Context, taking: Taking, home: string): Promise<Take> {
  const nowMs = ctx.clock.nowMs()
  const shardId = promisingShard(taking, home)
  if (shardId === undefined) return { outcome: 'sold-out' }
  // No user key: the limit was checked at home, where the claim counts against it.
  const seen = await append(ctx, shardId, entry.ask(taking.orderId, '', taking.quantity, nowMs))
  return seen?.lastOutcome === 'taken' ? taken(seen, taking.orderId) : { outcome: 'busy' }
}

/** The shard that holds this order's units already, else one never seen, else the one seen with most units left. */
function promisingShard(taking: Taking, home: string): string | undefined {
  let best: { shardId: string; left: number } | undefined
  const ids = shardIds(taking.hotId)
  const start = ids.indexOf(home)
  for (let step = 1; step < ids.length; step++) {
    const shardId = ids[(start + step) % ids.length] ?? home
    const known = knownShard(shardId)
    if (known?.reservations.get(taking.orderId)?.status === 'held') return shardId
    const left = known?.left ?? Number.POSITIVE_INFINITY
    if (left >= taking.quantity && (!best || left > best.left)) best = { shardId, left }
  }
  return best?.shardId
}

/** @param freedBefore only if units came back since this many releases. */
async function append(
  ctx: Context,
  shardId: string,
  text: string,
  freedBefore?: number,
): Promise<Known | undefined> {
  const nowMs = ctx.clock.nowMs()
  const stock = await ctx.db.updateAndReturn(
    hotStocks,
    {
      _id: shardId,
      state: 'open',
      opensAtMs: command.lte(nowMs),
      closesAtMs: command.gt(nowMs),
      entries: command.lt(MAX_ENTRIES),
      ...(freedBefore === undefined ? {} : { freed: command.gt(freedBefore) }),
    },
    { log: command.push([text]), entries: command.inc(1) },
  )
  return stock && learn(stock, nowMs)
}

/** The append found nothing to change: a look at the shard says why. */
async function explain(ctx: Context, shardId: string, { orderId }: Taking): Promise<Take> {
  const stock = await ctx.db.find(hotStocks, shardId)
  if (!stock) return { outcome: 'not-found' }
  const nowMs = ctx.clock.nowMs()
  const seen = learn(stock, nowMs)
  if (nowMs < stock.opensAtMs) return { outcome: 'not-started' }
  if (stock.state === 'open' && nowMs < stock.closesAtMs) return { outcome: 'busy' }
  return { outcome: seen.reservations.has(orderId) ? 'past' : 'ended' }
}

function toTake(seen: Known, { orderId }: Taking): Take {
  switch (seen.lastOutcome) {
    case 'taken':
      return taken(seen, orderId)
    case 'released':
      return { outcome: 'past' }
    case 'limit-reached':
    case 'reused':
      return { outcome: seen.lastOutcome }
    default:
      return { outcome: 'sold-out' }
  }
}

/** The time is that of the first request, so that a repeat can be answered with the very same reply. */
function taken({ stock, reservations, seenAtMs }: Known, orderId: string): Take {
  const takenAtMs = reservations.get(orderId)?.askedAtMs ?? seenAtMs
  return { outcome: 'taken', shardId: stock._id, terms: stock.terms, takenAtMs }
}
