import * as z from 'zod'
import { defineRoute, idInput } from '../../_kernel/index.ts'
import { changeCart, MAX_CART_LINES } from './store.ts'

/** `order/cartSelect`: ticks or unticks lines, all of them without `skuIds`; `create` with `fromCart` orders the ticked ones. */
export const cartSelect = defineRoute({
  summary: 'Selects or unselects cart lines',
  input: z.strictObject({
    skuIds: z.array(idInput).min(1).max(MAX_CART_LINES).optional(),
    selected: z.boolean(),
  }),
  access: 'user',
  async handle({ skuIds, selected }, ctx) {
    const { lines } = await changeCart(ctx, (cart) =>
      cart.lines.map((line) => (!skuIds || skuIds.includes(line.skuId) ? { ...line, selected } : line)),
    )
    return { selected: lines.filter((line) => line.selected).length }
  },
})
