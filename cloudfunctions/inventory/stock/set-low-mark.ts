import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { skuIdInput } from './input.ts'
import { stocks, withLow } from './model.ts'

export const setLowMark = defineRoute({
  summary: 'Sets the mark at which a SKU counts as low; null for none',
  input: z.object({ skuId: skuIdInput, lowAt: z.int().min(0).max(1_000_000).nullable() }),
  access: 'inventory:adjust',
  audit: { action: 'inventory.set-low-mark', subject: ({ skuId }) => skuId },

  async handle({ skuId, lowAt }, ctx) {
    return ctx.transaction(async (tx) => {
      const { lowAt: _before, ...stock } = await tx.get(stocks, skuId)
      const after = withLow(lowAt === null ? stock : { ...stock, lowAt })
      await tx.put(stocks, after)
      return { skuId, low: after.low }
    })
  },
})
