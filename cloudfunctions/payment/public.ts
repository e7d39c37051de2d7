/** What other capabilities may use of `payment`. */
import type { Consumer } from '../_kernel/index.ts'
import { closeWechatOrder } from './close.ts'
import { refundApprovedAfterSale } from './on-after-sale-approved.ts'

export { refundFailed, refundSucceeded } from './events.ts'
export { eraseUser, exportUser } from './privacy.ts'
export { reconcileDay } from './reconcile-day.ts'
export { syncPendingPayments, syncPendingRefunds } from './sync.ts'

/** How this capability reacts to events; listed in `_events/index.ts`. */
export const consumers: Consumer[] = [closeWechatOrder, refundApprovedAfterSale]
