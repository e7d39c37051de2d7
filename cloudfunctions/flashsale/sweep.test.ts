import { describe, expect, it } from 'vitest'
import { type Bought, cloudWithSale, expectSound, MINUTE_MS, type SaleCloud } from './sale.fixture.ts'

const buy = (cloud: SaleCloud, requestId: string) =>
  cloud.as('buyer1').call<Bought>('flashsale/buy', { saleId: cloud.saleId }, { requestId })
const tick = (cloud: SaleCloud) => cloud.asTimer('scheduler', 'everyMinute')
const counts = (cloud: SaleCloud) =>
  cloud.as('admin').ok<{ counts: object }>('flashsale/stats', { saleId: cloud.saleId })

describe('units of an order that was closed', () => {
  it('stay free when its request comes again after the log has forgotten it', async () => {
    const cloud = await cloudWithSale({ units: 3 })
    const first = await buy(cloud, 'first-request')
    const orderId = first.data?.orderId ?? ''
    await cloud.as('buyer1').ok('order/cancel', { orderId })
    await cloud.collection('hot_stocks').set(cloud.saleId, { log: [], entries: 0, epoch: 1 })
    cloud.restartFunctions()
    expect(await buy(cloud, 'first-request')).toMatchObject({ code: 0, data: { orderId } })
    expect(await counts(cloud)).toMatchObject({ counts: { held: 0, left: 3 } })
    expect(await buy(cloud, 'other-request')).toMatchObject({ code: 0 })
    await expectSound(cloud)
  })

  it('come back by the timer when nobody gave them back', async () => {
    const cloud = await cloudWithSale({ units: 3 })
    const bought = await buy(cloud, 'first-request')
    const orderId = bought.data?.orderId ?? ''
    await cloud.collection('orders').set(orderId, { status: 'closed' })
    await tick(cloud)
    expect(await counts(cloud)).toMatchObject({ counts: { held: 1 } })
    await cloud.clock.advance(3 * MINUTE_MS)
    await tick(cloud)
    expect(await counts(cloud)).toMatchObject({ counts: { held: 0, left: 3 } })
    await expectSound(cloud)
  })
})
