/** Who keeps what about people. A capability that keeps personal data exports both from its `public.ts` and is named here. */
import type { Context } from '../../_kernel/index.ts'
import * as approval from '../../approval/public.ts'
import * as collab from '../../collab/public.ts'
import * as community from '../../community/public.ts'
import * as gateway from '../../gateway/public.ts'
import * as inventory from '../../inventory/public.ts'
import * as media from '../../media/public.ts'
import * as notification from '../../notification/public.ts'
import * as order from '../../order/public.ts'
import * as payment from '../../payment/public.ts'
import * as user from '../../user/public.ts'

export { openOrders } from '../../order/public.ts'

export interface PersonalData {
  readonly name: string
  /** All that is kept about somebody, by collection. */
  exportUser(ctx: Context, userId: string): Promise<Record<string, unknown>>
  /**
   * Removes it, or takes the person out of what must be kept. In batches, and safe to repeat. Without it: whatever must go
   * goes by a consumer of `user.deleted`, which erasing the account announces.
   */
  eraseUser?(ctx: Context, userId: string): Promise<void>
}

/** In the order of erasing: the account last, so that whoever was cut short can still be found. */
export const contributors: readonly PersonalData[] = [
  { name: 'payment', exportUser: payment.exportUser, eraseUser: payment.eraseUser },
  { name: 'order', exportUser: order.exportUser, eraseUser: order.eraseUser },
  { name: 'inventory', exportUser: inventory.exportUser, eraseUser: inventory.eraseUser },
  { name: 'gateway', exportUser: gateway.exportUser, eraseUser: gateway.eraseUser },
  { name: 'notification', exportUser: notification.exportUser, eraseUser: notification.eraseUser },
  { name: 'community', exportUser: community.exportUser, eraseUser: community.eraseUser },
  { name: 'media', exportUser: media.exportUser },
  { name: 'collab', exportUser: collab.exportUser },
  { name: 'approval', exportUser: approval.exportUser, eraseUser: approval.eraseUser },
  { name: 'user', exportUser: user.exportUser, eraseUser: user.eraseUser },
]
