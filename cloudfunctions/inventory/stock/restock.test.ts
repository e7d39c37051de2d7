import { describe, expect, it } from 'vitest'
import { cloudWithStock, expectSound, SKU, stockOf } from './stock.fixture.ts'

describe('inventory/restock', () => {
  it('makes the stock of a new SKU and writes the ledger', async () => {
    const cloud = await cloudWithStock(0)
    const reply = await cloud.as('admin').ok('inventory/restock', { skuId: SKU, quantity: 7, note: 'PO 12' })
    expect(reply).toEqual({ skuId: SKU, onHand: 7, available: 7 })
    const [movement] = await cloud.collection('stock_movements').all()
    expect(movement).toMatchObject({ kind: 'restock', onHand: 7, reserved: 0, sold: 0, reason: 'PO 12' })
    await expectSound(cloud)
  })

  it('adds once for a repeated request', async () => {
    const cloud = await cloudWithStock(0)
    const options = { requestId: 'request-1' }
    const input = { skuId: SKU, quantity: 7 }
    await Promise.all([1, 2, 3].map(() => cloud.as('admin').ok('inventory/restock', input, options)))
    expect(await stockOf(cloud)).toEqual({ onHand: 7, reserved: 0, sold: 0 })
    expect(await cloud.as('admin').refused('inventory/restock', { ...input, quantity: 8 }, options)).toBe(
      'REQUEST_ID_REUSED',
    )
  })

  it('refuses customers, fractions, nothing and a missing request id', async () => {
    const cloud = await cloudWithStock(0)
    const input = { skuId: SKU, quantity: 1 }
    expect(await cloud.as('buyer1').refused('inventory/restock', input)).toBe('FORBIDDEN')
    for (const quantity of [0, -1, 1.5, '3', 2_000_000]) {
      expect(await cloud.as('admin').refused('inventory/restock', { skuId: SKU, quantity })).toBe(
        'INVALID_INPUT',
      )
    }
    expect(await cloud.as('admin').refused('inventory/restock', input, { requestId: null })).toBe(
      'REQUEST_ID_REQUIRED',
    )
    expect(await cloud.collection('stocks').all()).toEqual([])
  })
})
