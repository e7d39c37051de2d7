import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Bought,
  cloudWithSale,
  expectSound,
  MINUTE_MS,
  PRICE_FEN,
  type SaleCloud,
  stockOf,
} from './sale.fixture.ts'

const orderIds = async (cloud: SaleCloud) =>
  (await cloud.collection('orders').all()).map(({ _id }) => String(_id))

describe('flashsale/buy', () => {
  it('places an unpaid order at the sale price in two database requests, cold and warm', async () => {
    const cloud = await cloudWithSale()
    cloud.restartFunctions()
    for (const buyer of ['buyer1', 'buyer2']) {
      const bought = await cloud.as(buyer).ok<Bought>('flashsale/buy', { saleId: cloud.saleId })
      expect(cloud.databaseCalls()).toBe(2)
      expect(bought.payableFen).toBe(PRICE_FEN)
      const order = await cloud.collection('orders').get(bought.orderId)
      expect(order).toMatchObject({
        kind: 'flash',
        status: 'unpaid',
        payableFen: PRICE_FEN,
        _openid: cloud.openid(buyer),
      })
      expect(order?.payBeforeMs).toBe(bought.payBeforeMs)
    }
  })

  it('gives a repeat the first reply, in at most three requests, from any instance', async () => {
    const cloud = await cloudWithSale()
    const input = { saleId: cloud.saleId }
    const options = { requestId: 'request-1' }
    const buy = () => cloud.as('buyer1').ok<Bought>('flashsale/buy', input, options)
    const first = await buy()
    for (const elapsedMs of [0, 100, 40_000]) {
      await cloud.clock.advance(elapsedMs)
      cloud.restartFunctions()
      expect(await buy()).toEqual(first)
      expect(cloud.databaseCalls()).toBeLessThanOrEqual(3)
    }
    const twins = await Promise.all(Array.from({ length: 9 }, buy))
    expect(new Set(twins.map((twin) => JSON.stringify(twin)))).toEqual(new Set([JSON.stringify(first)]))
    expect(await orderIds(cloud)).toEqual([first.orderId])
  })

  it('refuses when sold out or at the limit, mostly without a request', async () => {
    const cloud = await cloudWithSale({ units: 2, perUser: 1 })
    const input = { saleId: cloud.saleId }
    await cloud.as('buyer1').ok('flashsale/buy', input)
    expect(await cloud.as('buyer1').refused('flashsale/buy', input)).toBe('LIMIT_REACHED')
    expect(cloud.databaseCalls()).toBe(0)
    await cloud.as('buyer2').ok('flashsale/buy', input)
    expect(await cloud.as('buyer3').refused('flashsale/buy', input)).toBe('SOLD_OUT')
    expect(cloud.databaseCalls()).toBe(0)
    cloud.restartFunctions()
    expect(await cloud.as('buyer4').refused('flashsale/buy', input)).toBe('SOLD_OUT')
    expect(cloud.databaseCalls()).toBe(1)
  })

  it('refuses before, after, without such a sale, with a price, and with other input under the same request id', async () => {
    const cloud = await cloudWithSale({ perUser: 2 })
    const { saleId } = cloud
    const buyer = cloud.as('buyer1')
    expect(await buyer.refused('flashsale/buy', { saleId: 'sale_none' })).toBe('NOT_FOUND')
    for (const bad of [
      { quantity: 0 },
      { quantity: 1.5 },
      { quantity: '1' },
      { quantity: 100 },
      { priceFen: 1 },
    ]) {
      expect(await buyer.refused('flashsale/buy', { saleId, ...bad })).toBe('INVALID_INPUT')
    }
    expect(await buyer.refused('flashsale/buy', { saleId }, { requestId: null })).toBe('REQUEST_ID_REQUIRED')
    await buyer.ok('flashsale/buy', { saleId, quantity: 1 }, { requestId: 'request-1' })
    expect(await buyer.refused('flashsale/buy', { saleId, quantity: 2 }, { requestId: 'request-1' })).toBe(
      'REQUEST_ID_REUSED',
    )
    await cloud.clock.advance(-MINUTE_MS)
    cloud.restartFunctions()
    expect(await buyer.refused('flashsale/buy', { saleId })).toBe('SALE_NOT_STARTED')
    await cloud.clock.advance(90 * MINUTE_MS)
    expect(await buyer.refused('flashsale/buy', { saleId })).toBe('SALE_ENDED')
  })

  it('slows down a caller who asks again and again', async () => {
    const cloud = await cloudWithSale({ units: 1 })
    const outcomes = new Set<string>()
    for (let i = 0; i < 12; i++) {
      const reply = await cloud.as('buyer1').call('flashsale/buy', { saleId: cloud.saleId })
      if ('error' in reply) outcomes.add(reply.error)
    }
    expect(outcomes).toContain('TOO_MANY_REQUESTS')
  })

  it('still finds its order after the sale is over, and refuses its request id for another quantity', async () => {
    const cloud = await cloudWithSale({ perUser: 2 })
    const options = { requestId: 'request-1' }
    const input = { saleId: cloud.saleId }
    const first = await cloud.as('buyer1').ok('flashsale/buy', input, options)
    await cloud.clock.advance(90 * MINUTE_MS)
    expect(await cloud.as('buyer1').ok('flashsale/buy', input, options)).toEqual(first)
    const other = { ...input, quantity: 2 }
    expect(await cloud.as('buyer1').refused('flashsale/buy', other, options)).toBe('REQUEST_ID_REUSED')
  })

  it('asks to try again where two shards of a very large sale are empty but a third may not be', async () => {
    const cloud = await cloudWithSale({ units: 1_500, stock: 1_500 })
    const shards = await cloud.collection('hot_stocks').all()
    expect(shards).toHaveLength(3)
    for (const { _id } of shards) await cloud.collection('hot_stocks').set(String(_id), { units: 0 })
    const input = { saleId: cloud.saleId }
    const options = { requestId: 'request-1' }
    expect(await cloud.as('buyer1').refused('flashsale/buy', input, options)).toBe('BUSY')
    expect(await orderIds(cloud)).toEqual([])
  })

  it('frees the units of an order that was cancelled, for the next buyer', async () => {
    const cloud = await cloudWithSale({ units: 1 })
    const input = { saleId: cloud.saleId }
    const { orderId } = await cloud.as('buyer1').ok<Bought>('flashsale/buy', input)
    expect(await cloud.as('buyer2').refused('flashsale/buy', input)).toBe('SOLD_OUT')
    await cloud.as('buyer1').ok('order/cancel', { orderId })
    await cloud.clock.advance(2_000)
    await cloud.as('buyer2').ok('flashsale/buy', input)
    await expectSound(cloud)
  })

  it('gives units back whose order was lost between the two writes, and refuses that request afterwards', async () => {
    const cloud = await cloudWithSale({ units: 1 })
    const input = { saleId: cloud.saleId }
    const options = { requestId: 'request-1' }
    cloud.fail('database.insertDocument', { code: 'DATABASE_REQUEST_FAILED' })
    expect(await cloud.as('buyer1').refused('flashsale/buy', input, options)).toBe('INTERNAL')
    await cloud.clock.advance(3 * MINUTE_MS)
    await cloud.asTimer('scheduler', 'everyMinute')
    expect(await cloud.as('buyer1').refused('flashsale/buy', input, options)).toBe('RESERVATION_LAPSED')
    await cloud.as('buyer2').ok('flashsale/buy', input)
    await expectSound(cloud)
  })

  it('sells each unit once and loses none, whatever fails between the writes and however buyers repeat', async () => {
    const failure = fc.record({
      action: fc.constantFrom(
        'database.modifyAndReturnDoc',
        'database.insertDocument',
        'database.getDocument',
      ),
      after: fc.nat(6),
      replyLost: fc.boolean(),
    })
    const buyers = fc.array(
      fc.record({ user: fc.nat(7), request: fc.nat(1), repeats: fc.integer({ min: 1, max: 3 }) }),
      {
        minLength: 4,
        maxLength: 12,
      },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(failure, { maxLength: 4 }),
        buyers,
        fc.nat(12),
        async (failures, asks, restartAt) => {
          const cloud = await cloudWithSale({ units: 3, stock: 5 })
          for (const { action, after, replyLost } of failures) {
            cloud.fail(action, { code: 'DATABASE_REQUEST_FAILED', after, replyLost })
          }
          const input = { saleId: cloud.saleId }
          await Promise.all(
            asks.map(async ({ user, request, repeats }, turn) => {
              if (turn === restartAt) cloud.restartFunctions()
              const options = { requestId: `request-${request}` }
              const tries = Array.from({ length: repeats }, () =>
                cloud.as(`user${user}`).call('flashsale/buy', input, options),
              )
              await Promise.all(tries)
            }),
          )
          await cloud.clock.advance(3 * MINUTE_MS)
          // What is still planned to fail would fail the sweeper: its next run finishes.
          for (let minute = 0; minute < 4; minute++) {
            await cloud.asTimer('scheduler', 'everyMinute').catch(() => undefined)
            await cloud.clock.advance(MINUTE_MS)
          }
          const orders = await cloud.collection('orders').all()
          const winners = orders.map(({ _openid }) => _openid)
          expect(new Set(winners).size).toBe(winners.length)
          expect(winners.length).toBeLessThanOrEqual(3)
          const stats = await cloud.as('admin').ok('flashsale/stats', { saleId: cloud.saleId })
          expect(stats).toMatchObject({ counts: { held: orders.length, left: 3 - orders.length } })
          expect(await stockOf(cloud)).toEqual({ onHand: 5, reserved: 3, sold: 0 })
          await expectSound(cloud)
        },
      ),
      { numRuns: 15 },
    )
  }, 60_000)
})
