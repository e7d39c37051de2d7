import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cloudWithStock, expectSound, SKU, stockOf } from './stock.fixture.ts'

const of = (refId: string, quantity = 1) => ({ refId, lines: [{ skuId: SKU, quantity }] })

describe('what orders do to stock', () => {
  it('reserves, settles and takes back, with a line in the ledger for each', async () => {
    const cloud = await cloudWithStock(10)
    const shop = cloud.asFunction()
    await shop.ok('shop/reserve', of('order-1', 3))
    expect(await stockOf(cloud)).toEqual({ onHand: 10, reserved: 3, sold: 0 })
    await shop.ok('shop/settle', of('order-1', 3))
    expect(await stockOf(cloud)).toEqual({ onHand: 7, reserved: 0, sold: 3 })
    await shop.ok('shop/takeBack', of('refund-1', 2))
    expect(await stockOf(cloud)).toEqual({ onHand: 9, reserved: 0, sold: 1 })
    await expectSound(cloud)
  })

  it('refuses what is not there and then holds nothing, also not of the other lines', async () => {
    const cloud = await cloudWithStock(2)
    await cloud.as('admin').ok('inventory/restock', { skuId: 'sku-2', quantity: 1 })
    const lines = [
      { skuId: SKU, quantity: 2 },
      { skuId: 'sku-2', quantity: 2 },
    ]
    const reply = await cloud.asFunction().call('shop/reserve', { refId: 'order-1', lines })
    expect(reply).toMatchObject({ error: 'STOCK_SHORT', details: { skuId: 'sku-2', available: 1 } })
    expect(await stockOf(cloud)).toMatchObject({ reserved: 0 })
    expect(await stockOf(cloud, 'sku-2')).toMatchObject({ reserved: 0 })
  })

  it.each([0, -1, 1.5])('refuses %s units', async (quantity) => {
    const cloud = await cloudWithStock(2)
    expect(await cloud.asFunction().refused('shop/reserve', of('order-1', quantity))).toBe('INVALID_INPUT')
    expect(await stockOf(cloud)).toMatchObject({ onHand: 2, reserved: 0 })
  })

  it('adds up lines of the same SKU', async () => {
    const cloud = await cloudWithStock(3)
    const lines = [1, 2].map((quantity) => ({ skuId: SKU, quantity }))
    await cloud.asFunction().ok('shop/reserve', { refId: 'order-1', lines })
    expect(await stockOf(cloud)).toMatchObject({ reserved: 3 })
  })

  it('changes nothing on a repeat, nor when an order is released after it was settled', async () => {
    const cloud = await cloudWithStock(5)
    const shop = cloud.asFunction()
    for (const step of ['reserve', 'reserve', 'settle', 'settle', 'release']) {
      await shop.ok(`shop/${step}`, of('order-1', 2))
    }
    expect(await stockOf(cloud)).toEqual({ onHand: 3, reserved: 0, sold: 2 })
    await shop.ok('shop/release', of('order-never-seen'))
    await expectSound(cloud)
  })

  it('reports a paid order that holds nothing as a fault', async () => {
    const cloud = await cloudWithStock(5)
    await cloud.asFunction().ok('shop/reserve', of('order-1'))
    await cloud.asFunction().ok('shop/release', of('order-1'))
    expect(await cloud.asFunction().refused('shop/settle', of('order-1'))).toBe('INTERNAL')
    expect(await stockOf(cloud)).toEqual({ onHand: 5, reserved: 0, sold: 0 })
  })

  it('never loses or invents a unit, whatever orders do at the same time and twice', async () => {
    const step = fc.record({
      what: fc.constantFrom('reserve', 'release', 'settle', 'takeBack'),
      order: fc.integer({ min: 1, max: 4 }),
      quantity: fc.integer({ min: 1, max: 3 }),
    })
    const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(rounds, async (steps) => {
        const cloud = await cloudWithStock(6)
        for (const round of steps) {
          await Promise.all(
            round.map(({ what, order, quantity }) =>
              cloud
                .asFunction()
                .call(
                  `shop/${what}`,
                  of(what === 'takeBack' ? `refund-${order}` : `order-${order}`, quantity),
                ),
            ),
          )
          const { onHand, reserved, sold } = await stockOf(cloud)
          expect(Number(onHand) + Number(sold)).toBe(6)
          expect(reserved).toBeGreaterThanOrEqual(0)
          expect(sold).toBeGreaterThanOrEqual(0)
          expect(onHand).toBeGreaterThanOrEqual(Number(reserved))
        }
        await expectSound(cloud)
      }),
      { numRuns: 15 },
    )
  })
})
