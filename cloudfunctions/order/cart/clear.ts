import * as z from 'zod'
import { defineRoute } from '../../_kernel/index.ts'
import { changeCart } from './store.ts'

/** `order/cartClear`: empties the cart. */
export const cartClear = defineRoute({
  summary: 'Empties the cart',
  input: z.strictObject({}),
  access: 'user',
  async handle(_input, ctx) {
    await changeCart(ctx, (cart) => (cart.lines.length === 0 ? undefined : []))
    return { lines: 0 }
  },
})
