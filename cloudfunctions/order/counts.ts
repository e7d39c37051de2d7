import * as z from 'zod'
import { defineRoute } from '../_kernel/index.ts'
import { afterSaleStatus, type OrderStatus, orderStatus } from './model.ts'
import { orders } from './store.ts'

const row = z.object({
  _id: z.object({ status: orderStatus, afterSale: afterSaleStatus.nullish() }),
  orders: z.int(),
})

/** `order/counts`: the numbers on the profile page's badges. One database call. */
export const counts = defineRoute({
  summary: 'How many orders the caller has in each status, and open after-sale requests',
  input: z.strictObject({}),
  access: 'user',
  async handle(_input, ctx) {
    const rows = await ctx.db.aggregate(orders, {
      match: { _openid: ctx.userId },
      group: { _id: { status: '$status', afterSale: '$afterSaleStatus' }, orders: { $sum: 1 } },
      limit: 100,
    })
    const byStatus: Record<OrderStatus, number> = {
      unpaid: 0,
      paid: 0,
      shipped: 0,
      completed: 0,
      closed: 0,
      refunded: 0,
    }
    let afterSales = 0
    for (const { _id, orders: found } of z.array(row).parse(rows)) {
      byStatus[_id.status] += found
      if (_id.afterSale === 'requested' || _id.afterSale === 'approved') afterSales += found
    }
    return { ...byStatus, afterSales }
  },
})
