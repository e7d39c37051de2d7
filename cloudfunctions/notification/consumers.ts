/** What users are told about, and what is forgotten about them. */
import { type Consumer, type Context, type DomainEvent, defineConsumer } from '../_kernel/index.ts'
import { orderClosed, orderCompleted, orderPaid, orderShipped } from '../order/public.ts'
import { refundSucceeded } from '../payment/public.ts'
import { userDeleted } from '../user/public.ts'
import { chinaTime, type MessageCode, type MessageValues, yuan } from './kinds.ts'
import { notify } from './notify.ts'
import { eraseUser } from './privacy.ts'

interface AboutOrder {
  userId: string
  orderId: string
  title: string
  amountFen: number
}

const CLOSE_REASONS = { cancelled: '已取消', expired: '超时未支付' }

const paid = defineConsumer('notification.order-paid', orderPaid, (event, ctx) =>
  tellAboutOrder(ctx, event, 'order.paid', event.payload.paidAtMs),
)

const shipped = defineConsumer('notification.order-shipped', orderShipped, (event, ctx) => {
  const { carrier, trackingNo } = event.payload
  return tellAboutOrder(ctx, event, 'order.shipped', event.occurredAtMs, { carrier, trackingNo })
})

const completed = defineConsumer('notification.order-completed', orderCompleted, (event, ctx) =>
  tellAboutOrder(ctx, event, 'order.completed', event.occurredAtMs),
)

const closed = defineConsumer('notification.order-closed', orderClosed, (event, ctx) =>
  tellAboutOrder(ctx, event, 'order.closed', event.occurredAtMs, {
    reason: CLOSE_REASONS[event.payload.reason],
  }),
)

const refunded = defineConsumer('notification.refund-succeeded', refundSucceeded, (event, ctx) => {
  const { userId, orderId, refundFen, reason } = event.payload
  const values = {
    orderId,
    amount: yuan(refundFen),
    // WeChat refuses a message with an empty field.
    reason: reason.trim() === '' ? '无' : reason,
    time: chinaTime(event.occurredAtMs),
  }
  return notify(ctx, { eventId: event.id, userId, code: 'refund.succeeded', values })
})

const forget = defineConsumer('notification.forget-user', userDeleted, ({ payload: { userId } }, ctx) =>
  eraseUser(ctx, userId),
)

export const consumers: Consumer[] = [paid, shipped, completed, closed, refunded, forget]

function tellAboutOrder(
  ctx: Context,
  { id, payload }: DomainEvent<AboutOrder>,
  code: MessageCode,
  atMs: number,
  more: MessageValues = {},
): Promise<void> {
  const { userId, orderId, title, amountFen } = payload
  const values = { orderId, title, amount: yuan(amountFen), time: chinaTime(atMs), ...more }
  return notify(ctx, { eventId: id, userId, code, values })
}
