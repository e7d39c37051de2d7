import { describe, expect, it } from 'vitest'
import { cloudWithStock, expectSound, SKU, stockOf } from './stock.fixture.ts'

describe('inventory/adjust', () => {
  it('corrects the units on hand with a reason, in ledger and audit', async () => {
    const cloud = await cloudWithStock(10)
    const input = { skuId: SKU, delta: -3, reason: 'broken in the warehouse' }
    expect(await cloud.as('admin').ok('inventory/adjust', input)).toEqual({
      skuId: SKU,
      onHand: 7,
      available: 7,
    })
    const audited = await cloud.collection('audit_entries').all()
    expect(audited).toContainEqual(expect.objectContaining({ action: 'inventory.adjust', subject: SKU }))
    await expectSound(cloud)
  })

  it('adjusts once for a repeated request', async () => {
    const cloud = await cloudWithStock(10)
    const input = { skuId: SKU, delta: 2, reason: 'found' }
    const options = { requestId: 'request-1' }
    await cloud.as('admin').ok('inventory/adjust', input, options)
    await cloud.as('admin').ok('inventory/adjust', input, options)
    const other = { ...input, delta: 3 }
    expect(await cloud.as('admin').refused('inventory/adjust', other, options)).toBe('REQUEST_ID_REUSED')
    expect(await stockOf(cloud)).toMatchObject({ onHand: 12 })
  })

  it('refuses to go below what is reserved, an unknown SKU, no reason, no difference, and customers', async () => {
    const cloud = await cloudWithStock(0)
    await cloud
      .collection('stocks')
      .insert({ _id: SKU, onHand: 5, reserved: 4, sold: 0, low: false, updatedAtMs: 1 })
    const admin = cloud.as('admin')
    const input = { skuId: SKU, delta: -2, reason: 'lost' }
    expect(await admin.refused('inventory/adjust', input)).toBe('STOCK_BELOW_RESERVED')
    expect(await admin.refused('inventory/adjust', { ...input, skuId: 'sku-9' })).toBe('NOT_FOUND')
    expect(await admin.refused('inventory/adjust', { ...input, reason: '' })).toBe('INVALID_INPUT')
    expect(await admin.refused('inventory/adjust', { ...input, delta: 0 })).toBe('INVALID_INPUT')
    expect(await cloud.as('buyer1').refused('inventory/adjust', input)).toBe('FORBIDDEN')
    expect(await stockOf(cloud)).toEqual({ onHand: 5, reserved: 4, sold: 0 })
  })
})
