/** Opening, closing and everything between that moves units between a hot stock and the inventory. */
import { type Context, command, type Tx } from '../../_kernel/index.ts'
import { move } from '../stock/move.ts'
import { forget, learn } from './known.ts'
import { entry, fold } from './log.ts'
import { type HotStock, homeShard, hotIdOf, hotStocks, mostUnits, shardIds } from './model.ts'

export interface HotOpening {
  /** From `hotIdFor`. */
  hotId: string
  skuId: string
  units: number
  perUser: number
  opensAtMs: number
  closesAtMs: number
  terms: Record<string, unknown>
}

/** Sets units aside within the caller's transaction; refuses STOCK_SHORT. A repeat changes nothing. */
export async function openHotStock(tx: Tx, opening: HotOpening): Promise<void> {
  const { hotId, skuId, units } = opening
  const ids = shardIds(hotId)
  if (units > mostUnits(hotId)) throw new Error(`${units} units are too many for hot stock ${hotId}`)
  if (await tx.find(hotStocks, ids[0] ?? hotId)) return
  await move(tx, { refId: hotId, kind: 'hot-allocate', skuId, quantity: units })
  for (const [number, _id] of ids.entries()) {
    await tx.insert(hotStocks, {
      ...opening,
      _id,
      units: Math.floor(units / ids.length) + (number < units % ids.length ? 1 : 0),
      state: 'open',
      log: [],
      entries: 0,
      freed: 0,
      epoch: 0,
      returned: 0,
    })
  }
}

/** Nobody gets any more from now on; units that nobody holds go back. Safe to repeat, and finished by the sweeper. */
export async function closeHotStock(ctx: Context, hotId: string): Promise<{ returned: number }> {
  const ids = shardIds(hotId)
  await ctx.db.updateMany(hotStocks, { _id: command.in(ids), state: 'open' }, { state: 'closed' })
  forget(hotId)
  let returned = 0
  for (const shardId of ids) returned += await returnLeftover(ctx, shardId)
  return { returned }
}

/** The order will not be paid: its units are free for others, or go back into the inventory after the end. */
export async function giveBackHot(
  ctx: Context,
  reservation: { shardId: string; userId: string; orderId: string },
): Promise<void> {
  for (const shardId of shardsWith(reservation)) {
    const stock = await appendFact(ctx, shardId, entry.release(reservation.orderId), { frees: true })
    if (stock?.state === 'closed') await returnLeftover(ctx, shardId)
  }
}

/** The order is paid: its units are sold. Throws when it does not hold any, so that a person looks at it. */
export async function settleHot(
  ctx: Context,
  reservation: { shardId: string; userId: string; orderId: string },
): Promise<void> {
  const { shardId, orderId } = reservation
  let sold: { skuId: string; quantity: number } | undefined
  let isClosed = false
  for (const id of shardsWith(reservation)) {
    const stock = await appendFact(ctx, id, entry.settle(orderId), { frees: false })
    if (id !== shardId || !stock) continue
    const held = fold(stock).reservations.get(orderId)
    if (held?.status !== 'sold') continue
    sold = { skuId: stock.skuId, quantity: held.units }
    isClosed = stock.state === 'closed'
  }
  if (!sold?.quantity) throw new Error(`order ${orderId} is paid but holds no unit of ${shardId}`)
  const { skuId, quantity } = sold
  await ctx.transaction((tx) => move(tx, { refId: orderId, kind: 'hot-settle', skuId, quantity }))
  if (isClosed) await returnLeftover(ctx, shardId)
}

/** Moves what a closed shard has left back into the inventory. @returns how many units. */
export async function returnLeftover(ctx: Context, shardId: string): Promise<number> {
  const seen = await ctx.db.find(hotStocks, shardId)
  if (seen?.state !== 'closed' || isUnchanged(seen)) return 0
  return ctx.transaction(async (tx) => {
    const stock = await tx.get(hotStocks, shardId)
    if (stock.state !== 'closed') return 0
    const { left, reservations } = fold(stock)
    const quantity = left - stock.returned
    const isHeld = [...reservations.values()].some(({ status }) => status === 'held')
    // The reference counts up, so that each return has its own line in the ledger and a repeat finds it there.
    const refId = `${shardId}/${stock.returned}`
    if (quantity > 0) await move(tx, { refId, kind: 'hot-return', skuId: stock.skuId, quantity })
    await tx.update(hotStocks, shardId, {
      returned: stock.returned + quantity,
      state: isHeld ? 'closed' : 'settled',
    })
    return quantity
  })
}

function isUnchanged(stock: HotStock): boolean {
  const { left, reservations } = fold(stock)
  return left === stock.returned && [...reservations.values()].some(({ status }) => status === 'held')
}

/** Facts are appended whatever the state, and even beyond the bound for asking: they must not be lost. */
export async function appendFact(
  ctx: Context,
  shardId: string,
  text: string,
  { frees }: { frees: boolean },
): Promise<HotStock | undefined> {
  const stock = await ctx.db.updateAndReturn(
    hotStocks,
    { _id: shardId },
    { log: command.push([text]), entries: command.inc(1), ...(frees ? { freed: command.inc(1) } : {}) },
  )
  if (stock) learn(stock, ctx.clock.nowMs())
  return stock
}

/** Where the units are, and the user's own shard when that is another one. */
function shardsWith({ shardId, userId }: { shardId: string; userId: string }): Set<string> {
  return new Set([shardId, homeShard(hotIdOf(shardId), userId)])
}
