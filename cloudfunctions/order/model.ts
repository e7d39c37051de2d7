/** What an order is, and the only ways in which it may change. No I/O. */
import * as z from 'zod'
import { refuse, text } from '../_kernel/index.ts'

export const UNPAID_NORMAL_MS = 30 * 60_000
/** A shipped order counts as received after this time. */
export const AUTO_CONFIRM_MS = 10 * 86_400_000
/** How long after completion an after-sale request may be made. */
export const AFTER_SALE_WINDOW_MS = 7 * 86_400_000
export const MAX_DISTINCT_LINES = 50
export const MAX_LINE_QUANTITY = 99
const HISTORY_KEPT = 100

export const orderStatus = z.enum(['unpaid', 'paid', 'shipped', 'completed', 'closed', 'refunded'])
export const orderKind = z.enum(['normal', 'flash'])
export const afterSaleStatus = z.enum(['requested', 'approved', 'rejected', 'cancelled', 'refunded'])
export const closeReason = z.enum(['cancelled', 'expired'])

const count = z.int().min(1)
const fen = z.int().min(0)
const ms = z.int()

export const quantityOfSku = z.object({ skuId: text, quantity: count })

/** A snapshot: later changes of the product do not change what was bought. */
const orderLine = z.object({
  skuId: text,
  productId: text,
  title: text,
  skuTitle: text,
  quantity: count,
  priceFen: fen,
  coverFileId: text,
})

const deliveryAddress = z.object({
  name: text,
  phone: text,
  province: text,
  city: text,
  district: text,
  detail: text,
})

const afterSale = z.object({
  id: text,
  requestHash: text,
  status: afterSaleStatus,
  returnGoods: z.boolean(),
  /** The goods that come back; empty for money only. */
  lines: z.array(quantityOfSku),
  refundFen: z.int().min(1),
  reason: text,
  requestedAtMs: ms,
  decidedAtMs: ms.nullable(),
  decidedBy: z.string().nullable(),
  answer: z.string().nullable(),
})

export const orderSchema = z.object({
  /** Also WeChat Pay's `outTradeNo`: at most 32 characters. */
  _id: z.string().max(32),
  /** The buyer. */
  _openid: text,
  kind: orderKind,
  status: orderStatus,
  lines: z.array(orderLine).min(1),
  payableFen: fen,
  address: deliveryAddress.nullable(),
  note: text,
  createdAtMs: ms,
  payBeforeMs: ms,
  updatedAtMs: ms,
  /** Grows by one with each change; every write is conditional on it. */
  version: z.int(),
  history: z.array(z.object({ atMs: ms, action: text, by: z.string() })),
  paidAtMs: ms.nullable(),
  paidFen: fen,
  transactionId: z.string().nullable(),
  refundedFen: fen,
  shipment: z.object({ carrier: text, trackingNo: text, shippedAtMs: ms }).nullable(),
  trackingNo: z.string().nullable(),
  /** When a shipped order confirms itself; null while an after-sale request is open. */
  autoConfirmAtMs: ms.nullable(),
  completedAtMs: ms.nullable(),
  closedAtMs: ms.nullable(),
  closeReason: closeReason.nullable(),
  /** The latest request; earlier ones are in the history. */
  afterSale: afterSale.nullable(),
  /** `afterSale.status` once more, for the operators' index. */
  afterSaleStatus: afterSaleStatus.nullable(),
  saleId: z.string().nullable(),
  hotId: z.string().nullable(),
})

export type Order = z.output<typeof orderSchema>
export type OrderLine = z.output<typeof orderLine>
export type OrderStatus = z.output<typeof orderStatus>
export type AfterSale = z.output<typeof afterSale>
export type DeliveryAddress = z.output<typeof deliveryAddress>
export type CloseReason = z.output<typeof closeReason>
export type QuantityOfSku = z.output<typeof quantityOfSku>

/** Every way an order may change. `refund` is of all that was paid, `refund-part` of less. */
export const transitions = [
  ['unpaid', 'set-address', 'unpaid'],
  ['unpaid', 'pay', 'paid'],
  ['unpaid', 'close', 'closed'],
  ['paid', 'ship', 'shipped'],
  ['shipped', 'confirm', 'completed'],
  ['paid', 'after-sale', 'paid'],
  ['shipped', 'after-sale', 'shipped'],
  ['completed', 'after-sale', 'completed'],
  ['paid', 'refund-part', 'paid'],
  ['shipped', 'refund-part', 'shipped'],
  ['completed', 'refund-part', 'completed'],
  ['paid', 'refund', 'refunded'],
  ['shipped', 'refund', 'refunded'],
  ['completed', 'refund', 'refunded'],
  // Paid after it was closed: the money went back, the order stays closed.
  ['closed', 'refund', 'closed'],
  ['closed', 'refund-part', 'closed'],
] as const satisfies readonly (readonly [OrderStatus, string, OrderStatus])[]

export type OrderAction = (typeof transitions)[number][1]

/** The order after `action`; refuses ORDER_STATE when the table has no such row. The only place that sets `status`. */
export function transition(
  order: Order,
  action: OrderAction,
  by: { atMs: number; by: string; as?: string },
  change: Partial<Omit<Order, '_id' | '_openid' | 'status' | 'version' | 'history'>> = {},
): Order {
  const entry = { atMs: by.atMs, action: by.as ?? action, by: by.by }
  return {
    ...order,
    ...change,
    status: statusAfter(order, action),
    version: order.version + 1,
    updatedAtMs: by.atMs,
    history: [...order.history, entry].slice(-HISTORY_KEPT),
  }
}

/** Refuses ORDER_STATE when the table does not allow `action` now. */
export function statusAfter(order: Order, action: OrderAction): OrderStatus {
  const row = transitions.find(([from, name]) => from === order.status && name === action)
  return row?.[2] ?? refuse('ORDER_STATE', { orderId: order._id, status: order.status, action })
}

/** A new unpaid order. Prices come from the catalogue or the sale, never from the caller. */
export function draftOrder(draft: {
  orderId: string
  userId: string
  kind: Order['kind']
  lines: OrderLine[]
  address: DeliveryAddress | null
  note?: string
  nowMs: number
  payBeforeMs: number
  saleId?: string
  hotId?: string
}): Order {
  return {
    _id: draft.orderId,
    _openid: draft.userId,
    kind: draft.kind,
    status: 'unpaid',
    lines: draft.lines,
    payableFen: sumFen(draft.lines),
    address: draft.address,
    note: draft.note ?? '',
    createdAtMs: draft.nowMs,
    payBeforeMs: draft.payBeforeMs,
    updatedAtMs: draft.nowMs,
    version: 1,
    history: [{ atMs: draft.nowMs, action: 'create', by: draft.userId }],
    paidAtMs: null,
    paidFen: 0,
    transactionId: null,
    refundedFen: 0,
    shipment: null,
    trackingNo: null,
    autoConfirmAtMs: null,
    completedAtMs: null,
    closedAtMs: null,
    closeReason: null,
    afterSale: null,
    afterSaleStatus: null,
    saleId: draft.saleId ?? null,
    hotId: draft.hotId ?? null,
  }
}

export function sumFen(lines: readonly { priceFen: number; quantity: number }[]): number {
  return lines.reduce((sum, line) => sum + line.priceFen * line.quantity, 0)
}

/** Only the delivery part of an address book entry, as it is now. */
export function snapshotAddress(address: DeliveryAddress): DeliveryAddress {
  const { name, phone, province, city, district, detail } = address
  return { name, phone, province, city, district, detail }
}

export function quantities(lines: readonly QuantityOfSku[]): QuantityOfSku[] {
  return lines.map(({ skuId, quantity }) => ({ skuId, quantity }))
}
