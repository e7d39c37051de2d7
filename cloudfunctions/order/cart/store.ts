/** A buyer's cart: one document each, changed as a whole. It holds no prices: those are read when it is shown. */
import * as z from 'zod'
import { AppError, type Collection, type Context, collection, refuse, text } from '../../_kernel/index.ts'
import { MAX_LINE_QUANTITY } from '../model.ts'

export const MAX_CART_LINES = 100
const REQUESTS_REMEMBERED = 20
const ATTEMPTS = 4

const cartLine = z.object({
  skuId: text,
  quantity: z.int().min(1),
  selected: z.boolean(),
  addedAtMs: z.int(),
})

const cartSchema = z.object({
  /** The buyer's openid. */
  _id: text,
  _openid: text,
  lines: z.array(cartLine),
  /** Ids of the latest additions, so that a repeated one adds nothing. */
  recentRequests: z.array(z.object({ id: text, hash: z.string() })),
  /** Grows by one with each change; every write is conditional on it. */
  version: z.int(),
  updatedAtMs: z.int(),
})

export type CartLine = z.output<typeof cartLine>
export type Cart = z.output<typeof cartSchema>

export const carts: Collection<Cart> = collection('carts', cartSchema)

function emptyCart(userId: string): Cart {
  return { _id: userId, _openid: userId, lines: [], recentRequests: [], version: 0, updatedAtMs: 0 }
}

export async function readCart(ctx: Context): Promise<Cart> {
  return (await ctx.db.find(carts, ctx.userId)) ?? emptyCart(ctx.userId)
}

/**
 * Two database calls: read, and write if nobody wrote in between; otherwise again. `change` gives the new lines, or
 * undefined to leave the cart as it is.
 */
export async function changeCart(
  ctx: Context,
  change: (cart: Cart) => CartLine[] | undefined,
  request?: Cart['recentRequests'][number],
): Promise<Cart> {
  for (let attempt = 1; ; attempt++) {
    const cart = await readCart(ctx)
    const lines = change(cart)
    if (lines === undefined) return cart
    const next = withLines(cart, lines, ctx.clock.nowMs(), request)
    if (cart.version === 0) {
      if (await ctx.db.insertIfAbsent(carts, next)) return next
    } else if (await putIfCurrent(ctx, next, cart.version)) return next
    if (attempt === ATTEMPTS) refuse('BUSY', { cart: ctx.userId })
  }
}

export function withLines(
  cart: Cart,
  lines: CartLine[],
  nowMs: number,
  request?: Cart['recentRequests'][number],
): Cart {
  const requests = request === undefined ? cart.recentRequests : [...cart.recentRequests, request]
  return {
    ...cart,
    lines,
    recentRequests: requests.slice(-REQUESTS_REMEMBERED),
    version: cart.version + 1,
    updatedAtMs: nowMs,
  }
}

/** The lines with `quantity` more of a SKU, at most what one line may hold. */
export function addToLines(lines: CartLine[], skuId: string, quantity: number, nowMs: number): CartLine[] {
  const known = lines.find((line) => line.skuId === skuId)
  if (known) {
    const total = Math.min(known.quantity + quantity, MAX_LINE_QUANTITY)
    return lines.map((line) => (line === known ? { ...line, quantity: total, selected: true } : line))
  }
  if (lines.length >= MAX_CART_LINES) refuse('CART_LIMIT', { lines: MAX_CART_LINES })
  return [{ skuId, quantity, selected: true, addedAtMs: nowMs }, ...lines]
}

async function putIfCurrent(ctx: Context, next: Cart, version: number): Promise<boolean> {
  try {
    await ctx.db.putIf(carts, next, { version })
    return true
  } catch (error) {
    if (error instanceof AppError && error.error === 'STALE') return false
    throw error
  }
}
