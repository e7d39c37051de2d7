import * as z from 'zod'
import { defineRoute, refuse } from '../_kernel/index.ts'
import { mostUnits } from '../inventory/public.ts'
import { saleIdInput, saleInput } from './input.ts'
import { flashSales, transition } from './model.ts'
import { goodsOf } from './store.ts'

export const edit = defineRoute({
  summary: 'Changes a draft',
  input: z.object({ saleId: saleIdInput, sale: saleInput }),
  access: 'flashsale:manage',
  audit: { action: 'flashsale.edit', subject: ({ saleId }) => saleId },

  async handle({ saleId, sale: input }, ctx) {
    // The number of shards is part of the sale's id, so a small sale cannot grow into a very large one.
    if (input.units > mostUnits(saleId)) refuse('SALE_UNITS', { most: mostUnits(saleId) })
    const goods = await goodsOf(ctx, input)
    return ctx.transaction(async (tx) => {
      const sale = transition(await tx.get(flashSales, saleId), 'edit', ctx.clock.nowMs())
      await tx.put(flashSales, { ...sale, ...input, ...goods })
      return { saleId }
    })
  },
})
