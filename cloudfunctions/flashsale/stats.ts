import * as z from 'zod'
import { defineRoute } from '../_kernel/index.ts'
import { hotCounts } from '../inventory/public.ts'
import { saleIdInput } from './input.ts'
import { flashSales } from './model.ts'

export const stats = defineRoute({
  summary: 'A sale and where its units are: left, held by unpaid orders, sold, returned',
  input: z.object({ saleId: saleIdInput }),
  access: 'flashsale:read',

  async handle({ saleId }, ctx) {
    const { _id, ...sale } = await ctx.db.get(flashSales, saleId)
    const counts = (await hotCounts(ctx, saleId)) ?? { units: 0, left: 0, held: 0, sold: 0, returned: 0 }
    return { saleId, ...sale, counts, soldFen: counts.sold * sale.priceFen }
  },
})
