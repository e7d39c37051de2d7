/** What is kept about a person here, given out or taken away on their request. */
import { type Context, command } from '../_kernel/index.ts'
import { carts } from './cart/store.ts'
import type { Order } from './model.ts'
import { orders } from './store.ts'

/** Who the buyer was, once that is nobody's business any more: no openid looks like this. */
const NOBODY = 'erased'
const PAGE = 100

export async function exportUser(ctx: Context, userId: string): Promise<Record<string, unknown>> {
  const found: Order[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await ctx.db.page(orders, {
      where: { _openid: userId },
      orderBy: ['createdAtMs', 'desc'],
      cursor,
      size: PAGE,
    })
    found.push(...page.items)
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  return { orders: found, carts: await ctx.db.find(carts, userId) }
}

/** Orders stay for the books: what was bought for how much, and by nobody. Each is one conditional write. */
export async function eraseUser(ctx: Context, userId: string): Promise<void> {
  await ctx.db.remove(carts, userId)
  for (;;) {
    const some = await ctx.db.query(orders, { where: { _openid: userId }, limit: PAGE })
    if (some.length === 0) return
    for (const order of some) {
      // One that changed meanwhile is found again by the next round.
      await ctx.db.updateIf(orders, order._id, { version: order.version }, withoutPerson(order))
    }
  }
}

function withoutPerson({ version, history, shipment, afterSale, _openid: userId }: Order): Partial<Order> {
  return {
    _openid: NOBODY,
    address: null,
    note: '',
    history: history.map((entry) => (entry.by === userId ? { ...entry, by: NOBODY } : entry)),
    // Whoever has the number of a parcel can ask the carrier where it went.
    shipment: shipment && { ...shipment, trackingNo: '' },
    trackingNo: null,
    afterSale: afterSale && { ...afterSale, reason: '', answer: null },
    version: version + 1,
  }
}

/** Orders whose goods or money are still under way. One database request. */
export async function openOrders(ctx: Context, userId: string): Promise<string[]> {
  const underWay = { _openid: userId, status: command.in(['unpaid', 'paid', 'shipped']) }
  const claimed = { _openid: userId, afterSaleStatus: command.in(['requested', 'approved']) }
  const found = await ctx.db.query(orders, { where: command.or(underWay, claimed), limit: PAGE })
  return found.map(({ _id }) => _id)
}
