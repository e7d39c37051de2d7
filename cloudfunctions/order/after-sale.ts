/** The rules of asking for money back. No I/O. */
import { refuse } from '../_kernel/index.ts'
import {
  AFTER_SALE_WINDOW_MS,
  type AfterSale,
  AUTO_CONFIRM_MS,
  type Order,
  type QuantityOfSku,
  quantities,
  statusAfter,
  sumFen,
  transition,
} from './model.ts'

/** From nothing, or from a request that has ended, a new one may be made. */
const afterSaleTransitions = [
  ['requested', 'cancel', 'cancelled'],
  ['requested', 'approve', 'approved'],
  ['requested', 'reject', 'rejected'],
] as const satisfies readonly (readonly [AfterSale['status'], string, AfterSale['status']])[]

export type AfterSaleAction = (typeof afterSaleTransitions)[number][1]

/** The least time a buyer keeps to look at the goods after a request ended. */
const LEAST_TIME_TO_CONFIRM_MS = 86_400_000

export function hasOpenAfterSale(order: Order): boolean {
  return order.afterSaleStatus === 'requested' || order.afterSaleStatus === 'approved'
}

/** The order with a new request. While it is open, the order neither ships nor confirms itself. */
export function requestAfterSale(
  order: Order,
  request: {
    id: string
    requestHash: string
    returnGoods: boolean
    reason: string
    refundFen?: number
    lines?: readonly QuantityOfSku[]
    by: string
    nowMs: number
  },
): Order {
  const { nowMs } = request
  statusAfter(order, 'after-sale') // refuses ORDER_STATE before anything about amounts
  if (hasOpenAfterSale(order)) {
    refuse('AFTER_SALE_STATE', { orderId: order._id, afterSale: order.afterSaleStatus })
  }
  if (order.completedAtMs !== null && nowMs > order.completedAtMs + AFTER_SALE_WINDOW_MS) {
    refuse('AFTER_SALE_WINDOW_CLOSED', { closedAtMs: order.completedAtMs + AFTER_SALE_WINDOW_MS })
  }
  const leftFen = order.paidFen - order.refundedFen
  // Goods that have not left the warehouse stay there when all the money goes back.
  const isWhole = request.refundFen === undefined || request.refundFen === leftFen
  const staysHome = order.status === 'paid' && !request.lines && isWhole
  const lines = request.returnGoods || staysHome ? chooseLines(order, request.lines) : []
  const worthFen = request.lines ? sumFen(pricedLines(order, lines)) : leftFen
  const refundFen = request.refundFen ?? Math.min(worthFen, leftFen)
  if (refundFen > leftFen || refundFen < 1) refuse('INVALID_INPUT', { field: 'refundFen', max: leftFen })

  const afterSale: AfterSale = {
    id: request.id,
    requestHash: request.requestHash,
    status: 'requested',
    returnGoods: lines.length > 0,
    lines,
    refundFen,
    reason: request.reason,
    requestedAtMs: nowMs,
    decidedAtMs: null,
    decidedBy: null,
    answer: null,
  }
  return transition(
    order,
    'after-sale',
    { atMs: nowMs, by: request.by, as: 'after-sale:request' },
    { afterSale, afterSaleStatus: 'requested', autoConfirmAtMs: null },
  )
}

/** The order with its open request decided; refuses AFTER_SALE_STATE when there is none to decide. */
export function decideAfterSale(
  order: Order,
  action: AfterSaleAction,
  decision: {
    by: string
    nowMs: number
    answer?: string
    /** The request that the decision is about; a newer one is not decided by it. */
    afterSaleId?: string
  },
): { order: Order; afterSale: AfterSale } {
  const row = afterSaleTransitions.find(([from, name]) => from === order.afterSale?.status && name === action)
  const isOther = decision.afterSaleId !== undefined && decision.afterSaleId !== order.afterSale?.id
  if (!order.afterSale || !row || isOther) {
    return refuse('AFTER_SALE_STATE', { orderId: order._id, afterSale: order.afterSaleStatus, action })
  }
  const afterSale: AfterSale = {
    ...order.afterSale,
    status: row[2],
    decidedAtMs: decision.nowMs,
    decidedBy: decision.by,
    answer: decision.answer ?? null,
  }
  const resumes = order.status === 'shipped' && action !== 'approve'
  const next = transition(
    order,
    'after-sale',
    { atMs: decision.nowMs, by: decision.by, as: `after-sale:${action}` },
    {
      afterSale,
      afterSaleStatus: afterSale.status,
      ...(resumes ? { autoConfirmAtMs: confirmsAt(order, decision.nowMs) } : {}),
    },
  )
  return { order: next, afterSale }
}

/** When a shipped order confirms itself once nothing is open any more. */
export function confirmsAt(order: Order, nowMs: number): number {
  const shippedAtMs = order.shipment?.shippedAtMs ?? nowMs
  return Math.max(shippedAtMs + AUTO_CONFIRM_MS, nowMs + LEAST_TIME_TO_CONFIRM_MS)
}

/** The chosen goods, each at most as often as bought; all of them when none were chosen. */
function chooseLines(order: Order, chosen: readonly QuantityOfSku[] | undefined): QuantityOfSku[] {
  if (!chosen) return quantities(order.lines)
  const bySku = new Map<string, number>()
  for (const { skuId, quantity } of chosen) bySku.set(skuId, (bySku.get(skuId) ?? 0) + quantity)
  return [...bySku].map(([skuId, quantity]) => {
    const bought = order.lines.find((line) => line.skuId === skuId)?.quantity ?? 0
    if (quantity > bought) refuse('INVALID_INPUT', { field: 'lines', skuId, max: bought })
    return { skuId, quantity }
  })
}

function pricedLines(order: Order, lines: readonly QuantityOfSku[]) {
  return lines.map(({ skuId, quantity }) => ({
    quantity,
    priceFen: order.lines.find((line) => line.skuId === skuId)?.priceFen ?? 0,
  }))
}
