/** What an order does to stock, each within the transaction of whoever does it to the order. */
import { refuse, type Tx } from '../../_kernel/index.ts'
import { findMovement, move } from './move.ts'

export interface StockLine {
  skuId: string
  quantity: number
}

/** Promises units to an unpaid order; refuses STOCK_SHORT for the first SKU that has too few. */
export async function reserveStock(tx: Tx, orderId: string, lines: readonly StockLine[]): Promise<void> {
  for (const line of inOrder(lines)) await move(tx, { refId: orderId, kind: 'reserve', ...line })
}

/** The order will not be paid: what it holds becomes free. Changes nothing when it holds nothing, or was settled. */
export async function releaseStock(tx: Tx, orderId: string, lines: readonly StockLine[]): Promise<void> {
  for (const { skuId } of inOrder(lines)) {
    const held = await findMovement(tx, orderId, 'reserve', skuId)
    if (!held || (await findMovement(tx, orderId, 'settle', skuId))) continue
    await move(tx, { refId: orderId, kind: 'release', skuId, quantity: held.reserved })
  }
}

/** The order is paid: what it holds is sold. A fault when it holds nothing any more, so that a person looks at it. */
export async function settleSold(tx: Tx, orderId: string, lines: readonly StockLine[]): Promise<void> {
  for (const { skuId } of inOrder(lines)) {
    const held = await findMovement(tx, orderId, 'reserve', skuId)
    if (!held || (await findMovement(tx, orderId, 'release', skuId))) {
      throw new Error(`order ${orderId} is paid but holds no ${skuId}`)
    }
    await move(tx, { refId: orderId, kind: 'settle', skuId, quantity: held.reserved })
  }
}

/** Sold units come back into the warehouse with a refund. */
export async function returnStock(tx: Tx, refundId: string, lines: readonly StockLine[]): Promise<void> {
  for (const line of inOrder(lines)) await move(tx, { refId: refundId, kind: 'return', ...line })
}

/** One line per SKU, always in the same order, so that two orders do not wait for each other in a ring. */
function inOrder(lines: readonly StockLine[]): StockLine[] {
  const quantities = new Map<string, number>()
  for (const { skuId, quantity } of lines) {
    if (!Number.isSafeInteger(quantity) || quantity < 1) refuse('INVALID_INPUT', { skuId, quantity })
    quantities.set(skuId, (quantities.get(skuId) ?? 0) + quantity)
  }
  return [...quantities]
    .map(([skuId, quantity]) => ({ skuId, quantity }))
    .sort((a, b) => (a.skuId < b.skuId ? -1 : 1))
}
