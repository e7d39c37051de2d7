import { defineRoute } from '../_kernel/index.ts'
import { hotIdFor } from '../inventory/public.ts'
import { saleInput } from './input.ts'
import { flashSales } from './model.ts'
import { goodsOf } from './store.ts'

export const create = defineRoute({
  summary: 'Drafts a flash sale',
  input: saleInput,
  access: 'flashsale:manage',
  idempotent: 'once',
  audit: { action: 'flashsale.create', subject: ({ skuId }) => skuId },

  async handle(input, ctx) {
    const goods = await goodsOf(ctx, input)
    const saleId = hotIdFor(ctx.ids.next('sale'), input.units)
    const nowMs = ctx.clock.nowMs()
    return ctx.once(async (tx) => {
      await tx.insert(flashSales, {
        ...input,
        ...goods,
        _id: saleId,
        status: 'draft',
        hotStock: 'none',
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      })
      return { saleId }
    })
  },
})
