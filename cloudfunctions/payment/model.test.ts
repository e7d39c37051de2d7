import { describe, expect, it } from 'vitest'
import {
  MAX_REFUNDS,
  type Payment,
  paymentState,
  releaseRefund,
  reserveRefund,
  returnable,
  settleRefund,
  transition,
  transitions,
} from './model.ts'
import { draftRefund, moveRefund, refundState, refundTransitions } from './refund-model.ts'

const paid: Payment = {
  _id: 'ord_1',
  _openid: 'buyer',
  state: 'paid',
  kind: 'normal',
  hotId: null,
  amountFen: 500,
  body: 'Mug',
  clientIp: '127.0.0.1',
  expiresAtMs: 9_000,
  createdAtMs: 1_000,
  updatedAtMs: 1_000,
  version: 2,
  dueAtMs: null,
  checks: 0,
  transactionId: '42',
  paidFen: 500,
  paidAtMs: 1_500,
  refundingFen: 0,
  refundedFen: 0,
  refundCount: 0,
  lines: [{ skuId: 'mug', quantity: 3, returning: 0 }],
}
const twoMugs = { refundFen: 300, lines: [{ skuId: 'mug', quantity: 2 }] }
const refund = draftRefund(
  paid,
  { ...twoMugs, _id: 'rf_1', reason: 'damaged', afterSaleId: null, requestedBy: 'admin' },
  2_000,
)
const refusal = (error: string) => expect.objectContaining({ error })

describe('a payment', () => {
  it('changes only as the table says', () => {
    for (const from of paymentState.options) {
      for (const action of new Set(transitions.map(([, name]) => name))) {
        const row = transitions.find(([state, name]) => state === from && name === action)
        const change = () => transition({ ...paid, state: from }, action, 2_000)
        if (row) expect(change()).toMatchObject({ state: row[2], version: 3, updatedAtMs: 2_000 })
        else expect(change, `${from} ${action}`).toThrow(refusal('PAYMENT_STATE'))
      }
    }
  })

  it('sets money and goods aside for a refund, and settles or frees them', () => {
    const reserved = reserveRefund(paid, twoMugs, 2_000)
    expect(reserved).toMatchObject({ refundingFen: 300, refundCount: 1, lines: [{ returning: 2 }] })
    expect(returnable(reserved)).toEqual([{ skuId: 'mug', quantity: 1 }])
    expect(settleRefund(reserved, 300, 3_000)).toMatchObject({ refundingFen: 0, refundedFen: 300 })
    expect(releaseRefund(reserved, twoMugs, 3_000)).toEqual({ ...paid, version: 4, updatedAtMs: 3_000 })
  })

  it('gives back no more money, goods and refunds than there are', () => {
    const refused = (payment: Payment, refundFen: number, quantity: number) => () =>
      reserveRefund(payment, { refundFen, lines: [{ skuId: 'mug', quantity }] }, 2_000)
    expect(refused(paid, 501, 1)).toThrow(refusal('REFUND_EXCEEDS_PAID'))
    expect(refused(paid, 500, 4)).toThrow(refusal('RETURN_EXCEEDS_BOUGHT'))
    expect(refused({ ...paid, refundCount: MAX_REFUNDS }, 1, 1)).toThrow(refusal('PAYMENT_STATE'))
    expect(refused({ ...paid, refundCount: MAX_REFUNDS - 1 }, 500, 3)).not.toThrow()
  })
})

describe('a refund', () => {
  it('changes only as the table says', () => {
    for (const from of refundState.options) {
      for (const action of new Set(refundTransitions.map(([, name]) => name))) {
        const row = refundTransitions.find(([state, name]) => state === from && name === action)
        const change = () => moveRefund({ ...refund, state: from }, action, 3_000)
        if (row) expect(change()).toMatchObject({ state: row[2], version: 2, updatedAtMs: 3_000 })
        else expect(change, `${from} ${action}`).toThrow(refusal('PAYMENT_STATE'))
      }
    }
  })
})
