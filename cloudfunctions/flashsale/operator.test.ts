import { describe, expect, it } from 'vitest'
import { cloudWithDraft, cloudWithSale, expectSound, MINUTE_MS, saleInput, stockOf } from './sale.fixture.ts'

interface Sales {
  items: { saleId: string; phase: string; title: string; status: string }[]
  nextCursor: string | null
}

describe('flashsale/create and edit', () => {
  it('drafts a sale that customers do not see', async () => {
    const cloud = await cloudWithDraft()
    expect(await cloud.as('buyer1').ok('flashsale/list')).toMatchObject({ items: [] })
    expect(await cloud.as('buyer1').refused('flashsale/detail', { saleId: cloud.saleId })).toBe('NOT_FOUND')
  })

  it('drafts once for a repeated request', async () => {
    const cloud = await cloudWithDraft()
    const admin = cloud.as('admin')
    const input = saleInput(cloud)
    const options = { requestId: 'request-1' }
    const first = await admin.ok('flashsale/create', input, options)
    expect(await admin.ok('flashsale/create', input, options)).toEqual(first)
    const other = { ...input, units: 2 }
    expect(await admin.refused('flashsale/create', other, options)).toBe('REQUEST_ID_REUSED')
    expect((await admin.ok<Sales>('flashsale/listAll')).items).toHaveLength(2)
  })

  it('changes a draft', async () => {
    const cloud = await cloudWithDraft()
    const sale = { ...saleInput(cloud), title: 'Tea hour', units: 5 }
    await cloud.as('admin').ok('flashsale/edit', { saleId: cloud.saleId, sale })
    expect(await cloud.as('admin').ok('flashsale/stats', { saleId: cloud.saleId })).toMatchObject({
      title: 'Tea hour',
      units: 5,
    })
  })

  it('refuses customers, a window that ends before it begins, unknown goods and published sales', async () => {
    const cloud = await cloudWithDraft()
    const { saleId, skuId, opensAtMs } = cloud
    const input = saleInput(cloud)
    const admin = cloud.as('admin')
    expect(await cloud.as('buyer1').refused('flashsale/create', input)).toBe('FORBIDDEN')
    expect(await cloud.as('buyer1').refused('flashsale/edit', { saleId, sale: input })).toBe('FORBIDDEN')
    expect(await admin.refused('flashsale/create', { ...input, closesAtMs: opensAtMs })).toBe('INVALID_INPUT')
    expect(await admin.refused('flashsale/create', { ...input, priceFen: 0 })).toBe('INVALID_INPUT')
    expect(await admin.refused('flashsale/create', { ...input, skuId: `${skuId}x` })).toBe('SKU_NOT_SALEABLE')
    const elsewhere = { ...input, skuId: `${skuId}x` }
    expect(await admin.refused('flashsale/edit', { saleId, sale: elsewhere })).toBe('SKU_NOT_SALEABLE')
    const sale = { ...input, units: 5_000 }
    expect(await admin.refused('flashsale/edit', { saleId, sale })).toBe('SALE_UNITS')
    expect(await admin.refused('flashsale/edit', { saleId: 'sale_none', sale: input })).toBe('NOT_FOUND')
    await admin.ok('flashsale/publish', { saleId })
    expect(await admin.refused('flashsale/edit', { saleId, sale: input })).toBe('SALE_STATE')
  })
})

describe('flashsale/publish', () => {
  it('sets the units aside and announces the sale', async () => {
    const cloud = await cloudWithDraft({ units: 3, stock: 10 })
    await cloud.as('admin').ok('flashsale/publish', { saleId: cloud.saleId })
    expect(await stockOf(cloud)).toEqual({ onHand: 10, reserved: 3, sold: 0 })
    const { items } = await cloud.as('buyer1').ok<Sales>('flashsale/list')
    expect(items).toMatchObject([{ saleId: cloud.saleId, phase: 'coming' }])
    await expectSound(cloud)
  })

  it('refuses with too little stock, twice, after the end, and customers', async () => {
    const poor = await cloudWithDraft({ units: 3, stock: 2 })
    expect(await poor.as('admin').refused('flashsale/publish', { saleId: poor.saleId })).toBe('STOCK_SHORT')
    expect(await stockOf(poor)).toMatchObject({ reserved: 0 })

    const cloud = await cloudWithDraft()
    const input = { saleId: cloud.saleId }
    expect(await cloud.as('buyer1').refused('flashsale/publish', input)).toBe('FORBIDDEN')
    await cloud.as('admin').ok('flashsale/publish', input)
    expect(await cloud.as('admin').refused('flashsale/publish', input)).toBe('SALE_STATE')

    const late = await cloudWithDraft()
    await late.clock.advance(70 * MINUTE_MS)
    expect(await late.as('admin').refused('flashsale/publish', { saleId: late.saleId })).toBe('SALE_ENDED')
  })
})

describe('flashsale/cancel and close', () => {
  it.each(['cancel', 'close'])('%s ends a running sale and puts its units back', async (action) => {
    const cloud = await cloudWithSale()
    await cloud.as('buyer1').ok('flashsale/buy', { saleId: cloud.saleId })
    await cloud.as('admin').ok(`flashsale/${action}`, { saleId: cloud.saleId })
    expect(await stockOf(cloud)).toEqual({ onHand: 10, reserved: 1, sold: 0 })
    cloud.restartFunctions()
    expect(await cloud.as('buyer2').refused('flashsale/buy', { saleId: cloud.saleId })).toBe('SALE_ENDED')
    expect(await cloud.as('admin').refused(`flashsale/${action}`, { saleId: cloud.saleId })).toBe(
      'SALE_STATE',
    )
    expect(await cloud.as('buyer1').refused(`flashsale/${action}`, { saleId: cloud.saleId })).toBe(
      'FORBIDDEN',
    )
    await expectSound(cloud)
  })

  it.each(['publish', 'cancel', 'close'])('%s refuses an unknown sale', async (action) => {
    const cloud = await cloudWithDraft()
    expect(await cloud.as('admin').refused(`flashsale/${action}`, { saleId: 'sale_none' })).toBe('NOT_FOUND')
  })

  it('cancels a draft, which holds nothing', async () => {
    const cloud = await cloudWithDraft()
    await cloud.as('admin').ok('flashsale/cancel', { saleId: cloud.saleId })
    expect(await stockOf(cloud)).toMatchObject({ reserved: 0 })
    expect(await cloud.as('admin').refused('flashsale/close', { saleId: cloud.saleId })).toBe('SALE_STATE')
  })
})

describe('flashsale/list, detail, listAll and stats', () => {
  it('show a running sale with what is left, at most two requests cold and none warm', async () => {
    const cloud = await cloudWithSale({ units: 3 })
    const { saleId } = cloud
    await cloud.as('buyer1').ok('flashsale/buy', { saleId })
    cloud.restartFunctions()
    const detail = await cloud.as('buyer2').ok('flashsale/detail', { saleId })
    expect(detail).toMatchObject({ phase: 'running', priceFen: 990, remaining: 2 })
    expect(cloud.databaseCalls()).toBe(2)
    await cloud.as('buyer2').ok('flashsale/detail', { saleId })
    expect(cloud.databaseCalls()).toBe(0)
    expect((await cloud.as('buyer2').ok<Sales>('flashsale/list')).items).toMatchObject([{ phase: 'running' }])
    expect(await cloud.as('admin').ok('flashsale/stats', { saleId })).toMatchObject({
      counts: { units: 3, left: 2, held: 1, sold: 0, returned: 0 },
      soldFen: 0,
    })
  })

  it('let operators page through all sales', async () => {
    const cloud = await cloudWithDraft()
    for (let i = 0; i < 2; i++) {
      await cloud.clock.advance(1)
      await cloud.as('admin').ok('flashsale/create', saleInput(cloud))
    }
    const first = await cloud.as('admin').ok<Sales>('flashsale/listAll', { size: 2 })
    const second = await cloud
      .as('admin')
      .ok<Sales>('flashsale/listAll', { size: 2, cursor: first.nextCursor })
    expect(new Set([...first.items, ...second.items].map(({ saleId }) => saleId)).size).toBe(3)
    expect(second.nextCursor).toBeNull()
    expect((await cloud.as('admin').ok<Sales>('flashsale/listAll', { status: 'running' })).items).toEqual([])
  })

  it('refuse unknown sales, and customers where operators belong', async () => {
    const cloud = await cloudWithDraft()
    expect(await cloud.as('buyer1').refused('flashsale/detail', { saleId: 'sale_none' })).toBe('NOT_FOUND')
    expect(await cloud.as('buyer1').refused('flashsale/detail', { saleId: '../x' })).toBe('INVALID_INPUT')
    expect(await cloud.as('buyer1').refused('flashsale/listAll')).toBe('FORBIDDEN')
    expect(await cloud.as('buyer1').refused('flashsale/stats', { saleId: cloud.saleId })).toBe('FORBIDDEN')
    expect(await cloud.as('admin').refused('flashsale/stats', { saleId: 'sale_none' })).toBe('NOT_FOUND')
  })
})
