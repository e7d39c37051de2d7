import { describe, expect, it } from 'vitest'
import { type Bought, cloudWithSale, expectSound, MINUTE_MS, stockOf } from './sale.fixture.ts'

describe('what time does to flash sales', () => {
  it('starts and ends them, and puts back what nobody bought', async () => {
    const cloud = await cloudWithSale({ units: 3 })
    const stats = () => cloud.as('admin').ok('flashsale/stats', { saleId: cloud.saleId })
    await cloud.asTimer('scheduler', 'everyMinute')
    expect(await stats()).toMatchObject({ status: 'running' })
    await cloud.as('buyer1').ok('flashsale/buy', { saleId: cloud.saleId })
    await cloud.clock.advance(5 * MINUTE_MS)
    await cloud.asTimer('scheduler', 'everyMinute')
    expect(await stats()).toMatchObject({ counts: { held: 1, left: 2 } })
    await cloud.clock.advance(60 * MINUTE_MS)
    for (let minute = 0; minute < 3; minute++) {
      await cloud.asTimer('scheduler', 'everyMinute')
      await cloud.clock.advance(MINUTE_MS)
    }
    expect(await stats()).toMatchObject({ status: 'ended', counts: { held: 0, left: 0, returned: 3 } })
    expect(await stockOf(cloud)).toEqual({ onHand: 10, reserved: 0, sold: 0 })
    await expectSound(cloud)
  })

  it('finishes a cancellation that stopped half way', async () => {
    const cloud = await cloudWithSale({ units: 3 })
    await cloud.collection('flash_sales').set(cloud.saleId, { status: 'cancelled' })
    await cloud.asTimer('scheduler', 'everyMinute')
    expect(await stockOf(cloud)).toMatchObject({ reserved: 0 })
    await expectSound(cloud)
  })
})

describe('a flash order that is paid', () => {
  it('sells its units in the sale and in the ledger', async () => {
    const cloud = await cloudWithSale({ units: 3 })
    const { orderId } = await cloud.as('buyer1').ok<Bought>('flashsale/buy', { saleId: cloud.saleId })
    const order = await cloud.collection('orders').get(orderId)
    const nowMs = cloud.clock.nowMs()
    await cloud.collection('outbox').insert({
      _id: 'evt_1',
      type: 'order.paid',
      payload: {
        orderId,
        userId: cloud.openid('buyer1'),
        kind: 'flash',
        lines: [{ skuId: cloud.skuId, quantity: 1 }],
        hotId: order?.hotId,
        saleId: cloud.saleId,
        amountFen: 990,
        title: 'Kettle',
        paidAtMs: nowMs,
      },
      occurredAtMs: nowMs,
      traceId: 'trace-1',
      status: 'pending',
      doneBy: [],
      attempts: 0,
      dueAtMs: nowMs,
    })
    await cloud.asTimer('scheduler', 'everyMinute')
    expect(await stockOf(cloud)).toEqual({ onHand: 9, reserved: 2, sold: 1 })
    expect(await cloud.as('admin').ok('flashsale/stats', { saleId: cloud.saleId })).toMatchObject({
      counts: { sold: 1, held: 0, left: 2 },
      soldFen: 990,
    })
    await expectSound(cloud)
  })
})
