/** What happens to orders, for whoever wants to know. Names and payloads are stored: change them only by adding. */
import * as z from 'zod'
import { defineEvent, text } from '../_kernel/index.ts'
import { closeReason, type Order, orderKind, quantities, quantityOfSku } from './model.ts'

const facts = z.object({
  orderId: text,
  userId: text,
  kind: orderKind,
  lines: z.array(quantityOfSku),
  /** The hot stock that a flash order took from. */
  hotId: z.string().optional(),
  saleId: z.string().optional(),
  amountFen: z.int(),
  /** First line's title, for messages. */
  title: text,
})

export type OrderFacts = z.output<typeof facts>

export const orderCreated = defineEvent('order.created', facts)
export const orderPaid = defineEvent('order.paid', facts.extend({ paidAtMs: z.int() }))
export const orderClosed = defineEvent('order.closed', facts.extend({ reason: closeReason }))
export const orderShipped = defineEvent(
  'order.shipped',
  facts.extend({ carrier: text, trackingNo: z.string() }),
)
export const orderCompleted = defineEvent('order.completed', facts)
/** `amountFen` is what to pay back, `lines` what comes back (empty for money only). */
export const afterSaleApproved = defineEvent(
  'after_sale.approved',
  facts.extend({ afterSaleId: text, returnGoods: z.boolean(), reason: z.string() }),
)
export const afterSaleRejected = defineEvent(
  'after_sale.rejected',
  facts.extend({ afterSaleId: text, answer: z.string() }),
)

export function factsOf(order: Order): OrderFacts {
  return {
    orderId: order._id,
    userId: order._openid,
    kind: order.kind,
    lines: quantities(order.lines),
    ...(order.hotId === null ? {} : { hotId: order.hotId }),
    ...(order.saleId === null ? {} : { saleId: order.saleId }),
    amountFen: order.payableFen,
    title: order.lines[0]?.title ?? '',
  }
}
