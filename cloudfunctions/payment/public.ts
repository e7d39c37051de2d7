/** What other capabilities may use of `payment`. */
export { closeWechatOrder } from './close.ts'
export { refundFailed, refundSucceeded } from './events.ts'
export { refundApprovedAfterSale } from './on-after-sale-approved.ts'
export { reconcileDay } from './reconcile-day.ts'
export { syncPendingPayments, syncPendingRefunds } from './sync.ts'
