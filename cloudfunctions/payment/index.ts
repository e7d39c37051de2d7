import { subscriptions } from '../_events/index.ts'
import { defineFunction } from '../_kernel/index.ts'
import { onPaymentNotice } from './on-payment-notice.ts'
import { onRefundNotice } from './on-refund-notice.ts'
import { routes } from './routes.ts'

export const main = defineFunction('payment', routes, {
  consumers: subscriptions,
  platformEvents: [onRefundNotice, onPaymentNotice],
})
