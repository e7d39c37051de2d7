import * as z from 'zod'
import { defineRoute, pageInput } from '../_kernel/index.ts'
import { orderStatus } from './model.ts'
import { orders } from './store.ts'
import { forBuyer } from './view.ts'

/** `order/list`: the caller's orders, newest first. */
export const list = defineRoute({
  summary: "The caller's orders, newest first",
  input: z.strictObject({ ...pageInput.shape, status: orderStatus.optional() }),
  access: 'user',
  async handle({ status, cursor, size }, ctx) {
    const page = await ctx.db.page(orders, {
      where: { _openid: ctx.userId, ...(status && { status }) },
      orderBy: ['createdAtMs', 'desc'],
      cursor,
      size,
    })
    return { items: page.items.map(forBuyer), nextCursor: page.nextCursor }
  },
})
