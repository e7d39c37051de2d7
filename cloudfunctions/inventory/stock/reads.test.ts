import { describe, expect, it } from 'vitest'
import { cloudWithStock, SKU } from './stock.fixture.ts'

describe('inventory/availability', () => {
  it('tells anybody what can be bought, in one database request, 0 for what is unknown', async () => {
    const cloud = await cloudWithStock(4)
    const reply = await cloud.as('buyer1').ok('inventory/availability', { skuIds: [SKU, 'sku-9', SKU] })
    expect(reply).toEqual({
      items: [
        { skuId: SKU, available: 4 },
        { skuId: 'sku-9', available: 0 },
      ],
    })
    expect(cloud.databaseCalls()).toBe(1)
  })

  it('refuses an empty list and more than 100', async () => {
    const cloud = await cloudWithStock(0)
    expect(await cloud.as('buyer1').refused('inventory/availability', { skuIds: [] })).toBe('INVALID_INPUT')
    const skuIds = Array.from({ length: 101 }, (_, i) => `sku-${i}`)
    expect(await cloud.as('buyer1').refused('inventory/availability', { skuIds })).toBe('INVALID_INPUT')
  })
})

interface StockPage {
  items: { skuId: string; low: boolean }[]
  nextCursor: string | null
}

describe('inventory/list, setLowMark and movements', () => {
  it('pages through all stock and filters what is low', async () => {
    const cloud = await cloudWithStock(0)
    const admin = cloud.as('admin')
    for (let i = 1; i <= 5; i++) {
      await admin.ok('inventory/restock', { skuId: `sku-${i}`, quantity: i })
      await admin.ok('inventory/setLowMark', { skuId: `sku-${i}`, lowAt: 2 })
    }
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page: StockPage = await admin.ok<StockPage>('inventory/list', { size: 2, cursor })
      seen.push(...page.items.map(({ skuId }) => skuId))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(seen.sort()).toEqual(['sku-1', 'sku-2', 'sku-3', 'sku-4', 'sku-5'])

    const low = await admin.ok<StockPage>('inventory/list', { onlyLow: true })
    expect(low.items.map(({ skuId }) => skuId).sort()).toEqual(['sku-1', 'sku-2'])
    expect(await admin.ok('inventory/setLowMark', { skuId: 'sku-1', lowAt: null })).toEqual({
      skuId: 'sku-1',
      low: false,
    })
    expect((await admin.ok<StockPage>('inventory/list', { onlyLow: true })).items).toHaveLength(1)
  })

  it('shows the ledger of one SKU, latest first', async () => {
    const cloud = await cloudWithStock(4)
    await cloud.clock.advance(1_000)
    await cloud.as('admin').ok('inventory/adjust', { skuId: SKU, delta: -1, reason: 'lost' })
    const { items } = await cloud
      .as('admin')
      .ok<{ items: { kind: string }[] }>('inventory/movements', { skuId: SKU })
    expect(items.map(({ kind }) => kind)).toEqual(['adjust', 'restock'])
  })

  it('refuses customers, a foreign cursor and the mark of an unknown SKU', async () => {
    const cloud = await cloudWithStock(1)
    const buyer = cloud.as('buyer1')
    expect(await buyer.refused('inventory/list')).toBe('FORBIDDEN')
    expect(await buyer.refused('inventory/movements', { skuId: SKU })).toBe('FORBIDDEN')
    expect(await buyer.refused('inventory/verify', { skuId: SKU })).toBe('FORBIDDEN')
    expect(await buyer.refused('inventory/setLowMark', { skuId: SKU, lowAt: 1 })).toBe('FORBIDDEN')
    const admin = cloud.as('admin')
    expect(await admin.refused('inventory/list', { cursor: 'nonsense' })).toBe('INVALID_INPUT')
    expect(await admin.refused('inventory/setLowMark', { skuId: 'sku-9', lowAt: 1 })).toBe('NOT_FOUND')
  })
})

describe('inventory/verify', () => {
  it('reports a stock that its ledger does not explain', async () => {
    const cloud = await cloudWithStock(4)
    await cloud.collection('stocks').set(SKU, { onHand: 6 })
    expect(await cloud.as('admin').ok('inventory/verify', { skuId: SKU })).toMatchObject({
      isSound: false,
      stock: { onHand: 6 },
      ledger: { onHand: 4 },
      drift: { onHand: 2, reserved: 0, sold: 0 },
    })
  })
})
