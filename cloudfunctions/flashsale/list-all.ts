import { defineRoute, pageInput } from '../_kernel/index.ts'
import { flashSales, saleStatus } from './model.ts'

export const listAll = defineRoute({
  summary: 'All sales, latest first, for operators',
  input: pageInput.extend({ status: saleStatus.optional() }),
  access: 'flashsale:read',

  async handle({ status, cursor, size }, ctx) {
    const where = status === undefined ? {} : { status }
    const page = await ctx.db.page(flashSales, { where, orderBy: ['createdAtMs', 'desc'], cursor, size })
    return {
      items: page.items.map(({ _id, ...sale }) => ({ saleId: _id, ...sale })),
      nextCursor: page.nextCursor,
    }
  },
})
