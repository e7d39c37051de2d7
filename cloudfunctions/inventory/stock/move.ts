import { refuse, type Tx } from '../../_kernel/index.ts'
import { stockLow } from '../events.ts'
import {
  applyDelta,
  availableOf,
  deltas,
  emptyStock,
  isSound,
  type Movement,
  type MovementKind,
  movementId,
  movements,
  type Stock,
  stocks,
} from './model.ts'

/**
 * The only way in which stock changes: the new numbers and the ledger's line in one transaction. A movement that is in
 * the ledger already changes nothing.
 *
 * @returns the stock afterwards.
 */
export async function move(
  tx: Tx,
  movement: { refId: string; kind: MovementKind; skuId: string; quantity: number; reason?: string },
): Promise<Stock> {
  const { refId, kind, skuId, quantity, reason } = movement
  const before = (await tx.find(stocks, skuId)) ?? emptyStock(skuId)
  if (await findMovement(tx, refId, kind, skuId)) return before

  const delta = deltas[kind](quantity)
  const nowMs = tx.context.clock.nowMs()
  const after = applyDelta(before, delta, nowMs)
  if (!isSound(after)) refuseMovement(kind, before)

  await tx.put(stocks, after)
  await tx.insert(movements, {
    _id: movementId(refId, kind, skuId),
    skuId,
    kind,
    refId,
    ...delta,
    atMs: nowMs,
    by: actorOf(tx),
    ...(reason === undefined ? {} : { reason }),
  })
  if (after.low && !before.low) {
    await tx.emit(stockLow, { skuId, available: availableOf(after), lowAt: after.lowAt ?? 0 })
  }
  return after
}

export function findMovement(
  tx: Tx,
  refId: string,
  kind: MovementKind,
  skuId: string,
): Promise<Movement | undefined> {
  return tx.find(movements, movementId(refId, kind, skuId))
}

function refuseMovement(kind: MovementKind, stock: Stock): never {
  const details = { skuId: stock._id, available: availableOf(stock) }
  if (kind === 'reserve' || kind === 'hot-allocate') return refuse('STOCK_SHORT', details)
  if (kind === 'adjust') return refuse('STOCK_BELOW_RESERVED', { ...details, reserved: stock.reserved })
  // The other kinds undo or complete a movement that was checked: this is a fault, not a refusal.
  throw new Error(`${kind} of ${stock._id} does not fit its stock ${JSON.stringify(stock)}`)
}

function actorOf({ context: { caller } }: Tx): string {
  if (caller.kind === 'user') return caller.openid
  return caller.kind === 'function' && caller.onBehalfOf ? caller.onBehalfOf : caller.kind
}
