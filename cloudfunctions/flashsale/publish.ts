import * as z from 'zod'
import { defineRoute, refuse } from '../_kernel/index.ts'
import { openHotStock } from '../inventory/public.ts'
import { saleIdInput } from './input.ts'
import { flashSales, termsOf, transition } from './model.ts'

export const publish = defineRoute({
  summary: 'Announces a draft and sets its units aside',
  input: z.object({ saleId: saleIdInput }),
  access: 'flashsale:manage',
  audit: { action: 'flashsale.publish', subject: ({ saleId }) => saleId },

  async handle({ saleId }, ctx) {
    const nowMs = ctx.clock.nowMs()
    return ctx.transaction(async (tx) => {
      const sale = transition(await tx.get(flashSales, saleId), 'publish', nowMs)
      if (sale.closesAtMs <= nowMs) refuse('SALE_ENDED', { saleId })
      const { skuId, units, perUser, opensAtMs, closesAtMs } = sale
      const opening = { hotId: saleId, skuId, units, perUser, opensAtMs, closesAtMs }
      await openHotStock(tx, { ...opening, terms: termsOf(sale) })
      await tx.put(flashSales, { ...sale, hotStock: 'open' })
      return { saleId, status: sale.status }
    })
  },
})
