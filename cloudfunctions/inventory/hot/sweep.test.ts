import { describe, expect, it } from 'vitest'
import type { UnitCloud } from '../../../test/support/unit.ts'
import { cloudWithStock, expectSound, SKU, stockOf } from '../stock/stock.fixture.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

async function cloudWithHot(hotId: string, units: number): Promise<UnitCloud> {
  const cloud = await cloudWithStock(units)
  const nowMs = cloud.clock.nowMs()
  const window = { opensAtMs: nowMs, closesAtMs: nowMs + 24 * HOUR_MS }
  await cloud
    .asFunction()
    .ok('shop/openHot', { hotId, skuId: SKU, units, perUser: 1, ...window, terms: { priceFen: 9 } })
  return cloud
}

const at = (cloud: UnitCloud) => cloud.clock.nowMs().toString(36)
const sweep = (cloud: UnitCloud, existing: string[] = [], pageSize = 100) =>
  cloud.asFunction().ok('shop/sweepHot', { existing, pageSize })

describe('the sweeper of hot stocks', () => {
  it('visits every shard, however many there are', async () => {
    const hotId = 'sale_c-12'
    const cloud = await cloudWithHot(hotId, 12)
    for (let shard = 0; shard < 12; shard++) {
      const lost = { log: [`o${shard}|user${shard}|1|${at(cloud)}`], entries: 1 }
      await cloud.collection('hot_stocks').set(`${hotId}#${shard}`, lost)
    }
    await cloud.clock.advance(3 * MINUTE_MS)
    expect(await sweep(cloud, [], 5)).toMatchObject({ released: 12 })
  })

  it('frees what a repeat holds for an order that another shard sold, also when that one is settled', async () => {
    const hotId = 'sale_b-2'
    const cloud = await cloudWithHot(hotId, 2)
    const ask = `b|user|1|${at(cloud)}`
    await cloud.collection('hot_stocks').set(`${hotId}#0`, { log: [ask, '=b'], entries: 2 })
    await cloud.collection('hot_stocks').set(`${hotId}#1`, { log: [ask], entries: 1 })
    await cloud.asFunction().ok('shop/closeHot', { hotId })
    expect(await cloud.collection('hot_stocks').get(`${hotId}#0`)).toMatchObject({ state: 'settled' })
    await cloud.clock.advance(3 * MINUTE_MS)
    expect(await sweep(cloud, ['b'])).toMatchObject({ released: 1, returned: 1 })
    expect(await cloud.collection('hot_stocks').get(`${hotId}#1`)).toMatchObject({ state: 'settled' })
  })

  it('keeps a log short however often its units come back', async () => {
    const cloud = await cloudWithHot('sale_a', 1)
    const log = Array.from({ length: 400 }, (_, i) => [`o${i}|user${i}|1|${at(cloud)}`, `-o${i}|`]).flat()
    await cloud.collection('hot_stocks').set('sale_a', { log, entries: log.length })
    await sweep(cloud)
    expect(await cloud.collection('hot_stocks').get('sale_a')).toMatchObject({ entries: 400, epoch: 1 })
    await cloud.clock.advance(HOUR_MS)
    await sweep(cloud)
    expect(await cloud.collection('hot_stocks').get('sale_a')).toMatchObject({ entries: 0, epoch: 2 })
    const taking = { hotId: 'sale_a', userId: 'user-1', orderId: 'o-new', quantity: 1 }
    expect(await cloud.asFunction().ok('shop/takeHot', taking)).toMatchObject({ outcome: 'taken' })
    expect(await stockOf(cloud)).toEqual({ onHand: 1, reserved: 1, sold: 0 })
    await expectSound(cloud)
  })
})
