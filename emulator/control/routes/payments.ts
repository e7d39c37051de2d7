import * as z from 'zod'
import { ControlRefusal, type ControlRoute, route } from '../route.ts'
import type { Users } from '../users.ts'

/** The payer, the bank and the payment callbacks, as the WeChat simulator offers them. */
export interface PaymentPorts {
  list(filter: Filter): object[]
  pay(ref: PaymentRef, options: PayOptions): Promise<object>
  redeliver(ref: PaymentRef, noticeId?: string): Promise<unknown>
  forge(ref: PaymentRef, claim: { totalFeeFen?: number; openid?: string }): Promise<object>
  refunds(): object[]
  plans: {
    add(plan: z.output<typeof refundPlan>): Promise<void>
    list(): object[]
    clear(): Promise<void>
  }
  v3: {
    callbacks(): z.output<typeof v3Callbacks>
    setCallbacks(callbacks: z.output<typeof v3Callbacks>): Promise<void>
  }
}

type PaymentRef = { outTradeNo: string; subMchId?: string } | { prepayId: string }
interface Filter {
  outTradeNo?: string
  openid?: string
  tradeState?: z.output<typeof tradeState>
}
type PayOptions = z.output<typeof payOptions> & { openid?: string }

const tradeState = z.enum(['NOTPAY', 'USERPAYING', 'PAYERROR', 'SUCCESS', 'REFUND', 'CLOSED'])
const callback = z.enum(['normal', 'never', 'twice', 'late'])
const fen = z.number().int().nonnegative()
const refFields = {
  outTradeNo: z.string().optional(),
  subMchId: z.string().optional(),
  prepayId: z.string().optional(),
}
const user = z.string().optional().describe('who does it; absent: the user of the order')
const payOptions = z.object({
  outcome: z.enum(['success', 'cancel', 'fail', 'pending']).optional(),
  callback: z.enum([...callback.options, 'wrong-amount', 'forged']).optional(),
  delayMs: z.number().int().nonnegative().optional(),
  callbackTotalFeeFen: fen.optional(),
  evenIfClosed: z.boolean().optional(),
})
const refundPlan = z.strictObject({
  outTradeNo: z.string().optional(),
  error: z.string().optional(),
  errorDescription: z.string().optional(),
  acceptedAnyway: z.boolean().optional(),
  status: z.enum(['SUCCESS', 'CHANGE', 'REFUNDCLOSE']).optional(),
  settleAfterMs: z.number().int().nonnegative().optional(),
  callback: callback.optional(),
  callbackDelayMs: z.number().int().nonnegative().optional(),
})

const v3Target = z
  .string()
  .min(1)
  .describe('a function, or an address of this cloud: /http/<function>/wx-pay/unifiedOrderTrigger')
const v3Callbacks = z.strictObject({ order: v3Target, refund: v3Target })

export function paymentRoutes(payments: PaymentPorts, users: Users): ControlRoute[] {
  const openidOf = (name: string | undefined): { openid?: string } =>
    name === undefined ? {} : { openid: users.identityOf(name)?.openid }
  return [
    route({
      method: 'GET',
      path: '/control/payments',
      summary: 'Payments with their state, callbacks and refunds',
      query: z.object({ outTradeNo: z.string().optional(), user, tradeState: tradeState.optional() }),
      handle: ({ query: { user: name, ...filter } }) => ({
        payments: payments.list({ ...filter, ...openidOf(name) }),
      }),
    }),
    route({
      method: 'POST',
      path: '/control/payments/pay',
      summary: 'The user pays, cancels or fails; the callback comes as asked for',
      body: payOptions.extend({ ...refFields, user }).strict(),
      handle: ({ body: { outTradeNo, subMchId, prepayId, user: name, ...options } }) =>
        payments.pay(refOf({ outTradeNo, subMchId, prepayId }), { ...options, ...openidOf(name) }),
    }),
    route({
      method: 'POST',
      path: '/control/payments/redeliver',
      summary: 'Delivers a callback once more',
      body: z.strictObject({ ...refFields, noticeId: z.string().optional() }),
      handle: async ({ body: { noticeId, ...ref } }) => ({
        attempt: (await payments.redeliver(refOf(ref), noticeId)) ?? null,
      }),
    }),
    route({
      method: 'POST',
      path: '/control/payments/forge',
      summary: 'A client calls the callback function with a made-up success',
      body: z.strictObject({ ...refFields, totalFeeFen: fen.optional(), user }),
      handle: ({ body: { totalFeeFen, user: name, ...ref } }) =>
        payments.forge(refOf(ref), { totalFeeFen, ...openidOf(name) }),
    }),
    route({
      method: 'GET',
      path: '/control/payments/v3',
      summary: 'Where the notices of v3 orders and refunds go',
      handle: () => ({ callbacks: payments.v3.callbacks() }),
    }),
    route({
      method: 'PUT',
      path: '/control/payments/v3',
      summary: 'Sends the notices of v3 orders and refunds that are placed from now on elsewhere',
      body: v3Callbacks,
      async handle({ body }) {
        await payments.v3.setCallbacks(body)
        return { callbacks: payments.v3.callbacks() }
      },
    }),
    route({
      method: 'GET',
      path: '/control/refunds',
      summary: 'Refunds of all payments',
      handle: () => ({ refunds: payments.refunds() }),
    }),
    route({
      method: 'GET',
      path: '/control/refunds/plans',
      summary: 'How the next refunds will go',
      handle: () => ({ plans: payments.plans.list() }),
    }),
    route({
      method: 'POST',
      path: '/control/refunds/plans',
      summary: 'Lets the next refund fail, be slow, or lose its callback',
      body: refundPlan,
      async handle({ body }) {
        await payments.plans.add(body)
        return { plans: payments.plans.list() }
      },
    }),
    route({
      method: 'DELETE',
      path: '/control/refunds/plans',
      summary: 'Lets refunds succeed again',
      async handle() {
        await payments.plans.clear()
        return { plans: [] }
      },
    }),
  ]
}

function refOf(fields: { outTradeNo?: string; subMchId?: string; prepayId?: string }): PaymentRef {
  const { outTradeNo, subMchId, prepayId } = fields
  if (prepayId !== undefined) return { prepayId }
  if (outTradeNo !== undefined) return { outTradeNo, subMchId }
  throw new ControlRefusal(400, 'INVALID_PARAM', 'body: outTradeNo or prepayId says which payment')
}
