import * as z from 'zod'
import { defineRoute, derivedId } from '../../_kernel/index.ts'
import { skuIdInput } from './input.ts'
import { availableOf, stocks } from './model.ts'
import { move } from './move.ts'

export const adjust = defineRoute({
  summary: 'Corrects the units on hand by a difference, after a count or a loss',
  input: z.object({
    skuId: skuIdInput,
    delta: z
      .number()
      .int()
      .min(-1_000_000)
      .max(1_000_000)
      .refine((delta) => delta !== 0, 'must not be 0'),
    reason: z.string().min(1).max(200),
  }),
  access: 'inventory:adjust',
  idempotent: 'once',
  audit: { action: 'inventory.adjust', subject: ({ skuId }) => skuId },

  async handle({ skuId, delta, reason }, ctx) {
    const refId = derivedId('adj', ctx.userId, ctx.requestId)
    return ctx.once(async (tx) => {
      await tx.get(stocks, skuId)
      const stock = await move(tx, { refId, kind: 'adjust', skuId, quantity: delta, reason })
      return { skuId, onHand: stock.onHand, available: availableOf(stock) }
    })
  },
})
