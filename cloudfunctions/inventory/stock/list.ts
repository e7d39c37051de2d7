import * as z from 'zod'
import { defineRoute, pageInput } from '../../_kernel/index.ts'
import { availableOf, stocks } from './model.ts'

export const list = defineRoute({
  summary: 'Stock of all SKUs, latest change first; with onlyLow those at or below their mark',
  input: pageInput.extend({ onlyLow: z.boolean().default(false) }),
  access: 'inventory:read',

  async handle({ onlyLow, cursor, size }, ctx) {
    const where = onlyLow ? { low: true } : {}
    const page = await ctx.db.page(stocks, { where, orderBy: ['updatedAtMs', 'desc'], cursor, size })
    const items = page.items.map(({ _id, ...stock }) => ({
      skuId: _id,
      ...stock,
      available: availableOf(stock),
    }))
    return { items, nextCursor: page.nextCursor }
  },
})
