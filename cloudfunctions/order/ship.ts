import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../_kernel/index.ts'
import { hasOpenAfterSale } from './after-sale.ts'
import { factsOf, orderShipped } from './events.ts'
import { AUTO_CONFIRM_MS, transition } from './model.ts'
import { orders, replaceOrder } from './store.ts'

/** `order/ship`: the shop hands a paid order to a carrier. The same shipment again changes nothing. */
export const ship = defineRoute({
  summary: 'Marks a paid order as shipped',
  input: z.strictObject({
    orderId: idInput,
    carrier: z.string().trim().min(1).max(40),
    trackingNo: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9-]{4,40}$/),
  }),
  access: 'order:ship',
  audit: { action: 'order.ship', subject: ({ orderId }) => orderId },
  async handle({ orderId, carrier, trackingNo }, ctx) {
    const atMs = ctx.clock.nowMs()
    const order = await ctx.transaction(async (tx) => {
      const before = await tx.get(orders, orderId)
      const { shipment } = before
      if (
        before.status === 'shipped' &&
        shipment?.carrier === carrier &&
        shipment.trackingNo === trackingNo
      ) {
        return before
      }
      // A buyer who wants the money back should not get the goods as well.
      if (hasOpenAfterSale(before)) refuse('AFTER_SALE_STATE', { orderId, afterSale: before.afterSaleStatus })
      const next = transition(
        before,
        'ship',
        { atMs, by: ctx.userId },
        {
          shipment: { carrier, trackingNo, shippedAtMs: atMs },
          trackingNo,
          autoConfirmAtMs: atMs + AUTO_CONFIRM_MS,
        },
      )
      await replaceOrder(tx, before, next)
      await tx.emit(orderShipped, { ...factsOf(next), carrier, trackingNo })
      return next
    })
    return { orderId, status: order.status, autoConfirmAtMs: order.autoConfirmAtMs }
  },
})
