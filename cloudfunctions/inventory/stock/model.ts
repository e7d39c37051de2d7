/** What stock is, and how each kind of movement changes it. No I/O. */
import * as z from 'zod'
import { collection, derivedId, text } from '../../_kernel/index.ts'

const units = z.int()

export const stocks = collection(
  'stocks',
  z.object({
    /** The SKU. */
    _id: text,
    /** In the warehouse, promised to somebody or not. */
    onHand: units,
    /** Of these, promised: to unpaid orders, or set aside for a flash sale. */
    reserved: units,
    /** Gone to customers. */
    sold: units,
    /** `low` is told when available falls to this mark. */
    lowAt: units.optional(),
    low: z.boolean(),
    updatedAtMs: z.int(),
  }),
)
export type Stock = ReturnType<typeof stocks.parse>

export const movementKind = z.enum([
  'restock',
  'adjust',
  'reserve',
  'release',
  'settle',
  'return',
  'hot-allocate',
  'hot-settle',
  'hot-return',
])
export type MovementKind = z.output<typeof movementKind>

/** One line of the ledger, never changed: the sums over a SKU's lines are its stock. */
export const movements = collection(
  'stock_movements',
  z.object({
    _id: text,
    skuId: text,
    kind: movementKind,
    /** What caused it: an order, a refund, a request, a hot stock. */
    refId: text,
    onHand: units,
    reserved: units,
    sold: units,
    atMs: z.int(),
    by: text,
    reason: z.string().optional(),
  }),
)
export type Movement = ReturnType<typeof movements.parse>

/** One movement of a kind per cause and SKU: a repeat finds the first. */
export function movementId(refId: string, kind: MovementKind, skuId: string): string {
  return derivedId('mov', refId, kind, skuId)
}

export interface Delta {
  onHand: number
  reserved: number
  sold: number
}

/** How `quantity` units of each kind move. `adjust` takes a signed quantity. */
export const deltas: Record<MovementKind, (quantity: number) => Delta> = {
  restock: (quantity) => ({ onHand: quantity, reserved: 0, sold: 0 }),
  adjust: (quantity) => ({ onHand: quantity, reserved: 0, sold: 0 }),
  reserve: (quantity) => ({ onHand: 0, reserved: quantity, sold: 0 }),
  release: (quantity) => ({ onHand: 0, reserved: -quantity, sold: 0 }),
  settle: (quantity) => ({ onHand: -quantity, reserved: -quantity, sold: quantity }),
  return: (quantity) => ({ onHand: quantity, reserved: 0, sold: -quantity }),
  'hot-allocate': (quantity) => ({ onHand: 0, reserved: quantity, sold: 0 }),
  'hot-settle': (quantity) => ({ onHand: -quantity, reserved: -quantity, sold: quantity }),
  'hot-return': (quantity) => ({ onHand: 0, reserved: -quantity, sold: 0 }),
}

export function emptyStock(skuId: string): Stock {
  return { _id: skuId, onHand: 0, reserved: 0, sold: 0, low: false, updatedAtMs: 0 }
}

export function availableOf(stock: Pick<Stock, 'onHand' | 'reserved'>): number {
  return stock.onHand - stock.reserved
}

export function applyDelta(stock: Stock, delta: Delta, nowMs: number): Stock {
  return withLow({
    ...stock,
    onHand: stock.onHand + delta.onHand,
    reserved: stock.reserved + delta.reserved,
    sold: stock.sold + delta.sold,
    updatedAtMs: nowMs,
  })
}

export function withLow(stock: Stock): Stock {
  return { ...stock, low: stock.lowAt !== undefined && availableOf(stock) <= stock.lowAt }
}

/** What must hold after every movement. */
export function isSound(stock: Stock): boolean {
  return stock.reserved >= 0 && stock.sold >= 0 && stock.onHand >= stock.reserved
}
