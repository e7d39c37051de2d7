import * as z from 'zod'
import { defineCache, defineRoute, refuse } from '../_kernel/index.ts'
import { hotCounts } from '../inventory/public.ts'
import { saleIdInput } from './input.ts'
import { type FlashSale, flashSales } from './model.ts'
import { toCustomerSale } from './view.ts'

const sales = defineCache<FlashSale>({ name: 'flash-sale', ttlMs: 5_000, max: 200 })
/** Everybody looks at this at the same time: a second or two old is good enough for a number that only decides by buying. */
const remaining = defineCache<number>({ name: 'flash-sale-remaining', ttlMs: 2_000, max: 200 })

export const detail = defineRoute({
  summary: 'One sale with the units that are left, as of a moment ago',
  input: z.object({ saleId: saleIdInput }),
  access: 'public',

  async handle({ saleId }, ctx) {
    const sale = await sales.get(ctx, saleId, () => ctx.db.get(flashSales, saleId))
    if (sale.status === 'draft') refuse('NOT_FOUND', { saleId })
    const left = await remaining.get(ctx, saleId, async () => (await hotCounts(ctx, saleId))?.left ?? 0)
    const nowMs = ctx.clock.nowMs()
    return { ...toCustomerSale(sale, nowMs), remaining: left, serverNowMs: nowMs }
  },
})
