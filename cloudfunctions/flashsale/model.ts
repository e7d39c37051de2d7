/** What a flash sale is, and the only ways in which it may change. No I/O. */
import * as z from 'zod'
import { collection, refuse, text } from '../_kernel/index.ts'
import { MAX_SHARDS, UNITS_PER_SHARD } from '../inventory/public.ts'

/** How long a winner may take to pay. */
export const PAY_WITHIN_MS = 15 * 60_000
export const MAX_UNITS = MAX_SHARDS * UNITS_PER_SHARD
export const MAX_PER_USER = 99

const ms = z.int()

export const saleStatus = z.enum(['draft', 'scheduled', 'running', 'ended', 'cancelled'])
export type SaleStatus = z.output<typeof saleStatus>

/** A sale's goods as they were when it was made; what buyers are promised. */
const goods = z.object({
  skuId: text,
  productId: text,
  productTitle: text,
  skuTitle: text,
  coverFileId: text,
  priceFen: z.int().min(1),
})

export const flashSales = collection(
  'flash_sales',
  goods.extend({
    /** Also the id of its hot stock. */
    _id: text,
    title: text,
    units: z.int().min(1),
    perUser: z.int().min(1),
    opensAtMs: ms,
    closesAtMs: ms,
    status: saleStatus,
    /** `open` from publishing until the units that nobody took are back in the inventory. */
    hotStock: z.enum(['none', 'open', 'closed']),
    createdAtMs: ms,
    updatedAtMs: ms,
  }),
)
export type FlashSale = ReturnType<typeof flashSales.parse>

/** What the hot stock keeps for `buy`, so that it needs no look at the sale. */
export const saleTerms = goods
export type SaleTerms = z.output<typeof saleTerms>

export function termsOf(sale: FlashSale): SaleTerms {
  const { skuId, productId, productTitle, skuTitle, coverFileId, priceFen } = sale
  return { skuId, productId, productTitle, skuTitle, coverFileId, priceFen }
}

export const transitions = [
  ['draft', 'edit', 'draft'],
  ['draft', 'publish', 'scheduled'],
  ['draft', 'cancel', 'cancelled'],
  ['scheduled', 'cancel', 'cancelled'],
  ['running', 'cancel', 'cancelled'],
  ['scheduled', 'start', 'running'],
  ['scheduled', 'close', 'ended'],
  ['running', 'close', 'ended'],
] as const satisfies readonly (readonly [SaleStatus, string, SaleStatus])[]

export type SaleAction = (typeof transitions)[number][1]

/** The sale after `action`; refuses SALE_STATE when the table has no such row. */
export function transition(sale: FlashSale, action: SaleAction, nowMs: number): FlashSale {
  const row = transitions.find(([from, name]) => from === sale.status && name === action)
  if (!row) return refuse('SALE_STATE', { saleId: sale._id, status: sale.status, action })
  return { ...sale, status: row[2], updatedAtMs: nowMs }
}

/** From which states an action is possible. */
export function statesBefore(action: SaleAction): SaleStatus[] {
  return transitions.filter(([, name]) => name === action).map(([from]) => from)
}

/** What a customer sees: by the clock, because the stored status follows it only once a minute. */
export function phaseOf(sale: FlashSale, nowMs: number): 'coming' | 'running' | 'ended' {
  if (sale.status === 'ended' || sale.status === 'cancelled' || nowMs >= sale.closesAtMs) return 'ended'
  return nowMs < sale.opensAtMs ? 'coming' : 'running'
}
