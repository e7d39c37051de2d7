import type { State } from '../../core/state.ts'
import type { Payment } from './model.ts'

/** Where payments are kept, and the ways to find one. */
export interface PaymentBook {
  find(key: string): Payment | undefined
  /** All payments, oldest first. */
  all(): Payment[]
  /** One write for the payment with its refunds and notices; settles when it is durable. */
  put(payment: Payment): Promise<void>
  findKey(index: PaymentIndex, value: string): string | undefined
  /** Written before the payment that it leads to, so that a payment can always be found by its numbers. */
  putKey(index: PaymentIndex, value: string, key: string): Promise<void>
}

/** `refund` is the merchant's number: `<subMchId>:<outRefundNo>`. */
export type PaymentIndex = 'prepay' | 'transaction' | 'refund' | 'refundId'

/** The key of a payment: an order number is unique within its merchant. */
export function paymentKey(of: { subMchId: string; outTradeNo: string }): string {
  return `${of.subMchId}:${of.outTradeNo}`
}

export function createPaymentBook(state: State): PaymentBook {
  const payments = state.table<Payment>('wechat.payment')
  const index = state.table<string>('wechat.payment-index')
  return {
    find: (key) => payments.get(key),
    all: () =>
      payments
        .entries()
        .map(([, payment]) => payment)
        .sort((a, b) => a.createdAtMs - b.createdAtMs),
    put: (payment) => payments.put(paymentKey(payment), payment),
    findKey: (name, value) => index.get(`${name}:${value}`),
    putKey: (name, value, key) => index.put(`${name}:${value}`, key),
  }
}
