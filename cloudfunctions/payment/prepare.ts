import * as z from 'zod'
import { type Context, defineRoute, idInput, refuse } from '../_kernel/index.ts'
import { getOrderForPayment, type Order, setOrderAddress } from '../order/public.ts'
import { LONGER_AT_WECHAT_MS, nextCheckMs, type Payment } from './model.ts'
import { settlePayment } from './settle.ts'
import { payments } from './store.ts'
import { FIRST_CHECK_MS } from './sync.ts'
import { requestPayment } from './wechat-pay.ts'

/** WeChat allows 128 bytes; a Chinese character takes three. */
const BODY_CHARACTERS = 40

/** `payment/prepare`: what `wx.requestPayment` needs to pay for one of the caller's orders. May be called again. */
export const prepare = defineRoute({
  summary: 'Prepares the payment of an order',
  input: z.strictObject({
    orderId: idInput,
    /** For an order without an address. */
    addressId: idInput.optional(),
  }),
  access: 'user',
  rateLimit: { limit: 30, perMs: 60_000 },
  async handle({ orderId, addressId }, ctx) {
    const order = await getOrderForPayment(ctx, orderId)
    assertPayable(order, ctx.clock.nowMs())
    if (order.address === null) {
      if (addressId === undefined) refuse('ADDRESS_REQUIRED', { orderId })
      await setOrderAddress(ctx, orderId, addressId)
    }

    // Written down before WeChat hears of it: if we stop in between, the timer finds it and asks.
    const payment = await recordPayment(ctx, order)
    const answer = await requestPayment(ctx, payment)
    if (!answer.accepted) {
      const settlement = await settlePayment(ctx, orderId)
      if (settlement === 'paid') refuse('ORDER_ALREADY_PAID', { orderId })
      if (settlement === 'mismatch') refuse('PAYMENT_STATE', { orderId, state: settlement })
      return refuse('PAYMENT_REFUSED', { orderId, why: answer.why })
    }
    return {
      orderId,
      payableFen: payment.amountFen,
      payBeforeMs: order.payBeforeMs,
      payment: answer.reply.payment,
    }
  },
})

function assertPayable(order: Order, nowMs: number): void {
  const { _id: orderId, status, payBeforeMs } = order
  if (status === 'closed') refuse('ORDER_STATE', { orderId, status })
  if (status !== 'unpaid') refuse('ORDER_ALREADY_PAID', { orderId })
  if (payBeforeMs <= nowMs) refuse('ORDER_STATE', { orderId, payBeforeMs })
}

async function recordPayment(ctx: Context, order: Order): Promise<Payment> {
  const nowMs = ctx.clock.nowMs()
  const expiresAtMs = order.payBeforeMs + LONGER_AT_WECHAT_MS
  const draft: Payment = {
    _id: order._id,
    _openid: order._openid,
    state: 'pending',
    kind: order.kind,
    hotId: order.hotId,
    amountFen: order.payableFen,
    body: bodyOf(order),
    clientIp: ctx.cloud.getWXContext().CLIENTIP || '127.0.0.1',
    expiresAtMs,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    version: 1,
    dueAtMs: nextCheckMs({ expiresAtMs }, nowMs, FIRST_CHECK_MS),
    checks: 0,
    transactionId: null,
    paidFen: 0,
    paidAtMs: null,
    refundingFen: 0,
    refundedFen: 0,
    refundCount: 0,
    lines: order.lines.map(({ skuId, quantity }) => ({ skuId, quantity, returning: 0 })),
  }
  if (await ctx.db.insertIfAbsent(payments, draft)) return draft
  const existing = await ctx.db.get(payments, order._id)
  if (existing.state === 'paid') refuse('ORDER_ALREADY_PAID', { orderId: order._id })
  if (existing.state !== 'pending') refuse('PAYMENT_STATE', { orderId: order._id, state: existing.state })
  return existing
}

function bodyOf({ lines }: Order): string {
  const [first, ...others] = lines
  const rest = others.length === 0 ? '' : ` 等${lines.length}件`
  return [...(first?.title ?? '')].slice(0, BODY_CHARACTERS - rest.length).join('') + rest
}
