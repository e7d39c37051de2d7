import { describe, expect, it } from 'vitest'
import { unitCloud } from '../../test/support/unit.ts'
import { openShop } from '../order/shop.fixture.ts'

describe('a refund', () => {
  it('is one of two that come at once with the same request id and other amounts', async () => {
    const cloud = await unitCloud()
    const orderId = await (await openShop(cloud)).paidOrder('buyer1')
    const options = { requestId: 'refund-request-1' }
    const refund = (refundFen: number) =>
      cloud.as('admin').call('payment/refund', { orderId, refundFen, reason: 'damaged' }, options)
    const replies = await Promise.all([refund(1_000), refund(2)])
    expect(replies.map((reply) => ('error' in reply ? reply.error : 'ok')).sort()).toEqual([
      'REQUEST_ID_REUSED',
      'ok',
    ])
    expect(await cloud.collection('refunds').all()).toHaveLength(1)
  })
})
