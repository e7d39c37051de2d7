import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { MAX_LINE_QUANTITY } from '../model.ts'
import { changeCart } from './store.ts'

/** `order/cartUpdate`: sets the quantity of a SKU that is in the cart. */
export const cartUpdate = defineRoute({
  summary: 'Sets the quantity of a cart line',
  input: z.strictObject({
    skuId: idInput,
    quantity: z.int().min(1).max(MAX_LINE_QUANTITY),
  }),
  access: 'user',
  async handle({ skuId, quantity }, ctx) {
    const { lines } = await changeCart(ctx, (cart) => {
      if (!cart.lines.some((line) => line.skuId === skuId)) refuse('NOT_FOUND', { skuId })
      return cart.lines.map((line) => (line.skuId === skuId ? { ...line, quantity } : line))
    })
    return { lines: lines.length, quantity }
  },
})
