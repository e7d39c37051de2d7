import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { openShop } from '../order/shop.fixture.ts'

let cloud: UnitCloud
let orderId: string
let refundId: string

beforeEach(async () => {
  cloud = await unitCloud()
  orderId = await (await openShop(cloud)).paidOrder('buyer1')
  const input = { orderId, refundFen: 1_000, reason: 'damaged' }
  refundId = (await cloud.as('admin').ok<{ refundId: string }>('payment/refund', input)).refundId
})

const payment = () => cloud.collection('payments').get(orderId)
const retry = (id: string) => cloud.as('admin').refused('payment/retryRefund', { refundId: id })

// That it sends a failed refund again: see refund.test.ts.
describe('payment/retryRefund', () => {
  it('refuses a refund that is unknown, or has succeeded', async () => {
    expect(await retry('rf_unknown')).toBe('NOT_FOUND')
    await cloud.clock.advance(1)
    expect(await retry(refundId)).toBe('PAYMENT_STATE')
    expect(await payment()).toMatchObject({ refundingFen: 0, refundedFen: 1_000 })
  })

  it('refuses one whose money has gone back another way meanwhile', async () => {
    await cloud.collection('refunds').set(refundId, { state: 'failed' })
    const { paidFen } = (await payment()) ?? {}
    await cloud.collection('payments').set(orderId, { refundingFen: 0, refundedFen: paidFen })
    expect(await retry(refundId)).toBe('REFUND_EXCEEDS_PAID')
  })
})
