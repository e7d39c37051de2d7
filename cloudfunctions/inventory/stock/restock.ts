import * as z from 'zod'
import { defineRoute, derivedId } from '../../_kernel/index.ts'
import { quantityInput, skuIdInput } from './input.ts'
import { availableOf } from './model.ts'
import { move } from './move.ts'

export const restock = defineRoute({
  summary: 'Takes delivered units into the warehouse',
  input: z.object({ skuId: skuIdInput, quantity: quantityInput, note: z.string().max(200).optional() }),
  access: 'inventory:restock',
  idempotent: 'once',
  audit: { action: 'inventory.restock', subject: ({ skuId }) => skuId },

  async handle({ skuId, quantity, note }, ctx) {
    const refId = derivedId('rst', ctx.userId, ctx.requestId)
    return ctx.once(async (tx) => {
      const stock = await move(tx, { refId, kind: 'restock', skuId, quantity, reason: note })
      return { skuId, onHand: stock.onHand, available: availableOf(stock) }
    })
  },
})
