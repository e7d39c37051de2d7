import * as z from 'zod'
import { defineRoute, idInput } from '../../_kernel/index.ts'
import { changeCart, MAX_CART_LINES } from './store.ts'

/** `order/cartRemove`: takes SKUs out of the cart; those that are not in it are none of its business. */
export const cartRemove = defineRoute({
  summary: 'Removes SKUs from the cart',
  input: z.strictObject({ skuIds: z.array(idInput).min(1).max(MAX_CART_LINES) }),
  access: 'user',
  async handle({ skuIds }, ctx) {
    const { lines } = await changeCart(ctx, (cart) => {
      const kept = cart.lines.filter((line) => !skuIds.includes(line.skuId))
      return kept.length === cart.lines.length ? undefined : kept
    })
    return { lines: lines.length }
  },
})
