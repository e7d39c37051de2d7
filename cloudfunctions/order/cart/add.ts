import * as z from 'zod'
import { assertSameRequest, defineRoute, idInput } from '../../_kernel/index.ts'
import { saleableSkus } from '../../catalog/public.ts'
import { MAX_LINE_QUANTITY } from '../model.ts'
import { addToLines, changeCart } from './store.ts'

/** `order/cartAdd`: puts more of a SKU into the cart. A repeat of the same request adds nothing. */
export const cartAdd = defineRoute({
  summary: 'Adds a SKU to the cart, or more of it',
  input: z.strictObject({
    skuId: idInput,
    quantity: z.int().min(1).max(MAX_LINE_QUANTITY).default(1),
  }),
  access: 'user',
  idempotent: 'derived',
  rateLimit: { limit: 60, perMs: 60_000 },
  async handle({ skuId, quantity }, ctx) {
    await saleableSkus(ctx, [skuId])
    const { lines } = await changeCart(
      ctx,
      (cart) => {
        const earlier = cart.recentRequests.find(({ id }) => id === ctx.requestId)
        if (!earlier) return addToLines(cart.lines, skuId, quantity, ctx.clock.nowMs())
        assertSameRequest(ctx, earlier.hash)
        return undefined
      },
      { id: ctx.requestId, hash: ctx.requestHash },
    )
    return { lines: lines.length, quantity: lines.find((line) => line.skuId === skuId)?.quantity ?? 0 }
  },
})
