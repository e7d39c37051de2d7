/** Every call to the server: `api.order.create({ ... })`, checked against the function's routes. */
import { approval } from './approval'
import { catalog } from './catalog'
import { collab } from './collab'
import { community } from './community'
import { flashsale } from './flashsale'
import { gateway } from './gateway'
import { inventory } from './inventory'
import { media } from './media'
import { notification } from './notification'
import { ops } from './ops'
import { order } from './order'
import { payment } from './payment'
import { user } from './user'

export { Refused } from './client'
export { NoAnswer } from './no-answer'
export { NotPaid } from './not-paid'

export const api = {
  user,
  catalog,
  community,
  inventory,
  flashsale,
  order,
  payment,
  notification,
  collab,
  media,
  ops,
  gateway,
  approval,
}

/** What a call gives: `ReplyOf<typeof api.order.detail>`. */
export type ReplyOf<Call extends (...args: never[]) => Promise<unknown>> = Awaited<ReturnType<Call>>
