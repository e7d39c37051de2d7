import { describe, expect, it } from 'vitest'
import type { UnitCloud } from '../../../test/support/unit.ts'
import { cloudWithStock, expectSound, SKU, stockOf } from '../stock/stock.fixture.ts'

const MINUTE_MS = 60_000

async function cloudWithHot(hotId: string, units: number, perUser = 1): Promise<UnitCloud> {
  const cloud = await cloudWithStock(units)
  const nowMs = cloud.clock.nowMs()
  const window = { opensAtMs: nowMs, closesAtMs: nowMs + 60 * MINUTE_MS }
  await cloud
    .asFunction()
    .ok('shop/openHot', { hotId, skuId: SKU, units, perUser, ...window, terms: { priceFen: 9 } })
  return cloud
}

type Reply = { outcome: string; shardId?: string }

function take(
  cloud: UnitCloud,
  hotId: string,
  user: number,
  orderId = `o${user}`,
  quantity = 1,
): Promise<Reply> {
  return cloud.asFunction().ok<Reply>('shop/takeHot', { hotId, userId: `user-${user}`, orderId, quantity })
}

describe('hot stock in one document', () => {
  it('takes with one database request and brings the terms along', async () => {
    const cloud = await cloudWithHot('sale_a', 2)
    expect(await take(cloud, 'sale_a', 1)).toEqual({
      outcome: 'taken',
      shardId: 'sale_a',
      terms: { priceFen: 9 },
      takenAtMs: cloud.clock.nowMs(),
    })
    expect(cloud.databaseCalls()).toBe(1)
  })

  it('refuses without any request once it was seen sold out, and with one when that was a while ago', async () => {
    const cloud = await cloudWithHot('sale_a', 1)
    await take(cloud, 'sale_a', 1)
    expect(await take(cloud, 'sale_a', 2)).toEqual({ outcome: 'sold-out' })
    expect(cloud.databaseCalls()).toBe(0)
    await cloud.clock.advance(5_000)
    expect(await take(cloud, 'sale_a', 3)).toEqual({ outcome: 'sold-out' })
    expect(cloud.databaseCalls()).toBe(1)
    cloud.restartFunctions()
    expect(await take(cloud, 'sale_a', 4)).toEqual({ outcome: 'sold-out' })
    expect(cloud.databaseCalls()).toBe(1)
    // The look of a warm instance left nothing in the log; that of a new one did.
    expect(await cloud.collection('hot_stocks').get('sale_a')).toMatchObject({ entries: 2 })
  })

  it('sells a unit that came back', async () => {
    const cloud = await cloudWithHot('sale_a', 1)
    await take(cloud, 'sale_a', 1)
    await take(cloud, 'sale_a', 2)
    const reservation = { shardId: 'sale_a', userId: 'user-1', orderId: 'o1' }
    cloud.restartFunctions()
    await cloud.asFunction().ok('shop/giveBackHot', reservation)
    await cloud.asFunction().ok('shop/giveBackHot', reservation)
    await cloud.clock.advance(5_000)
    expect(await take(cloud, 'sale_a', 3)).toMatchObject({ outcome: 'taken' })
    expect(await take(cloud, 'sale_a', 1)).toEqual({ outcome: 'past' })
    await expectSound(cloud)
  })

  it('explains what is not open', async () => {
    const cloud = await cloudWithHot('sale_a', 1)
    expect(await take(cloud, 'sale_none', 1)).toEqual({ outcome: 'not-found' })
    await cloud.clock.advance(-MINUTE_MS)
    expect(await take(cloud, 'sale_a', 1)).toEqual({ outcome: 'not-started' })
    expect(await take(cloud, 'sale_a', 2)).toEqual({ outcome: 'not-started' })
    expect(cloud.databaseCalls()).toBe(0)
    await cloud.clock.advance(62 * MINUTE_MS)
    expect(await take(cloud, 'sale_a', 1)).toEqual({ outcome: 'ended' })
  })

  it('returns what nobody took when it closes, and what was held when its order closes later', async () => {
    const cloud = await cloudWithHot('sale_a', 5)
    for (const user of [1, 2, 3]) await take(cloud, 'sale_a', user)
    const held = (user: number) => ({ shardId: 'sale_a', userId: `user-${user}`, orderId: `o${user}` })
    await cloud.asFunction().ok('shop/settleHot', held(1))
    await cloud.asFunction().ok('shop/settleHot', held(1))
    expect(await cloud.asFunction().ok('shop/closeHot', { hotId: 'sale_a' })).toEqual({ returned: 2 })
    expect(await cloud.asFunction().ok('shop/closeHot', { hotId: 'sale_a' })).toEqual({ returned: 0 })
    expect(await stockOf(cloud)).toEqual({ onHand: 4, reserved: 2, sold: 1 })
    await expectSound(cloud)
    await cloud.asFunction().ok('shop/giveBackHot', held(2))
    await cloud.asFunction().ok('shop/settleHot', held(3))
    expect(await stockOf(cloud)).toEqual({ onHand: 3, reserved: 0, sold: 2 })
    expect(await cloud.collection('hot_stocks').get('sale_a')).toMatchObject({
      state: 'settled',
      returned: 3,
    })
    await expectSound(cloud)
  })

  it('reports a paid order without units as a fault', async () => {
    const cloud = await cloudWithHot('sale_a', 5)
    const nobody = { shardId: 'sale_a', userId: 'user-1', orderId: 'o1' }
    expect(await cloud.asFunction().refused('shop/settleHot', nobody)).toBe('INTERNAL')
  })
})

describe('the sweeper', () => {
  it('frees units whose order never came to be, and only those', async () => {
    const cloud = await cloudWithHot('sale_a', 3)
    for (const user of [1, 2, 3]) await take(cloud, 'sale_a', user)
    const sweep = () => cloud.asFunction().ok('shop/sweepHot', { existing: ['o2'] })
    expect(await sweep()).toMatchObject({ released: 0 })
    await cloud.clock.advance(3 * MINUTE_MS)
    await take(cloud, 'sale_a', 3)
    expect(await sweep()).toMatchObject({ released: 1 })
    expect(await take(cloud, 'sale_a', 4)).toMatchObject({ outcome: 'taken' })
    expect(await take(cloud, 'sale_a', 5)).toMatchObject({ outcome: 'sold-out' })
  })

  it('shortens a log that is mostly refusals', async () => {
    const cloud = await cloudWithHot('sale_a', 1)
    const now = cloud.clock.nowMs().toString(36)
    const log = Array.from({ length: 320 }, (_, user) => `o${user + 1}|key-${user + 1}|1|${now}`)
    await cloud.collection('hot_stocks').set('sale_a', { log, entries: log.length })
    expect(await cloud.asFunction().ok('shop/sweepHot', { existing: ['o1'] })).toMatchObject({ compacted: 1 })
    expect(await cloud.collection('hot_stocks').get('sale_a')).toMatchObject({ entries: 1, epoch: 1 })
    expect(await take(cloud, 'sale_a', 400)).toEqual({ outcome: 'sold-out' })
  })
})

describe('hot stock in shards', () => {
  const HOT = 'sale_b-3'

  it('sells every unit and none twice, in at most two requests each', async () => {
    const cloud = await cloudWithHot(HOT, 30)
    let taken = 0
    let mostCalls = 0
    for (let user = 1; user <= 30; user++) {
      for (let tries = 0; tries < 3; tries++) {
        const { outcome } = await take(cloud, HOT, user)
        mostCalls = Math.max(mostCalls, cloud.databaseCalls())
        if (outcome === 'taken') taken += 1
        if (outcome !== 'busy') break
      }
    }
    expect(taken).toBe(30)
    expect(mostCalls).toBeLessThanOrEqual(2)
    expect(await take(cloud, HOT, 31)).toEqual({ outcome: 'sold-out' })
    expect(cloud.databaseCalls()).toBeLessThanOrEqual(1)
    await expectSound(cloud)
  })

  it('holds a user to the limit, wherever the units come from', async () => {
    const cloud = await cloudWithHot(HOT, 3, 2)
    const outcomes: string[] = []
    for (const order of ['a', 'b', 'c', 'd']) {
      cloud.restartFunctions()
      let reply = await take(cloud, HOT, 1, order)
      if (reply.outcome === 'busy') reply = await take(cloud, HOT, 1, order)
      outcomes.push(reply.outcome)
    }
    expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(2)
    expect(outcomes.at(-1)).toBe('limit-reached')
  })

  it('frees a second unit that a repeat found, once the order is decided', async () => {
    const cloud = await cloudWithHot(HOT, 3, 3)
    const first = await take(cloud, HOT, 1, 'a')
    const elsewhere = await take(cloud, HOT, 1, 'b')
    const ids = [`${HOT}#0`, `${HOT}#1`, `${HOT}#2`]
    expect(elsewhere.shardId).not.toBe(first.shardId)
    const third = ids.find((id) => id !== first.shardId && id !== elsewhere.shardId) ?? ''
    // What a repeat leaves that found the other shard first: the same order in two shards.
    const now = cloud.clock.nowMs().toString(36)
    await cloud.collection('hot_stocks').set(third, { log: [`b||1|${now}`], entries: 1 })
    await cloud
      .asFunction()
      .ok('shop/settleHot', { shardId: elsewhere.shardId, userId: 'user-1', orderId: 'b' })
    await cloud.clock.advance(3 * MINUTE_MS)
    const swept = await cloud.asFunction().ok('shop/sweepHot', { existing: ['a', 'b'] })
    expect(swept).toMatchObject({ released: 1 })
    await cloud.asFunction().ok('shop/closeHot', { hotId: HOT })
    expect(await stockOf(cloud)).toEqual({ onHand: 2, reserved: 1, sold: 1 })
    await expectSound(cloud)
  })
})
