import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'
import type { ProductCard } from './view.ts'

interface Page {
  items: ProductCard[]
  nextCursor: string | null
}

let cloud: UnitCloud
let fruit: string
let apples: string
beforeEach(async () => {
  cloud = await unitCloud()
  const category = async (data: object) =>
    (await cloud.as('admin').ok<{ categoryId: string }>('catalog/createCategory', data)).categoryId
  fruit = await category({ name: '水果' })
  apples = await category({ name: '苹果', parentId: fruit })
})

async function onSale(title: string, priceFen: number, more: object = {}) {
  const fields = { title, categoryId: apples, coverFileId: `cloud://env.bucket/${priceFen}.png`, ...more }
  const created = await cloud
    .as('admin')
    .ok<{ productId: string; skuIds: string[] }>('catalog/createProduct', { skus: [{ priceFen }], ...fields })
  await cloud.as('admin').ok('catalog/publish', { productId: created.productId })
  await cloud.clock.advance(1)
  return created
}

const titles = async (data?: object, route = 'list') =>
  (await cloud.as('buyer1').ok<Page>(`catalog/${route}`, data)).items.map(({ title }) => title)

describe('catalog/list', () => {
  it('gives a page to anybody, newest first, by one database request', async () => {
    await onSale('a', 300)
    await onSale('b', 100, { skus: [{ priceFen: 100, marketPriceFen: 200 }] })
    const page = await cloud.as('buyer1').ok<Page>('catalog/list', {})
    expect(cloud.databaseCalls()).toBe(1)
    expect(page.nextCursor).toBeNull()
    expect(page.items).toMatchObject([
      {
        title: 'b',
        priceFen: 100,
        marketPriceFen: 200,
        coverFileId: 'cloud://env.bucket/100.png',
        soldCount: 0,
      },
      { title: 'a', priceFen: 300, marketPriceFen: null },
    ])
  })

  it('sorts by price and by sales', async () => {
    await onSale('a', 300)
    const { productId } = await onSale('b', 100)
    await onSale('c', 200)
    await cloud.collection('products').set(productId, { soldCount: 9 })
    expect(await titles({ sort: 'price-asc' })).toEqual(['b', 'c', 'a'])
    expect(await titles({ sort: 'price-desc' })).toEqual(['a', 'c', 'b'])
    expect((await titles({ sort: 'sales' }))[0]).toBe('b')
  })

  it('filters by category of either level and by price', async () => {
    await onSale('a', 300)
    await onSale('b', 100, { categoryId: fruit })
    await onSale('c', 200)
    expect(await titles({ categoryId: fruit })).toEqual(['c', 'b', 'a'])
    expect(await titles({ categoryId: apples })).toEqual(['c', 'a'])
    expect(await titles({ minPriceFen: 200 })).toEqual(['c', 'a'])
    expect(await titles({ maxPriceFen: 200, sort: 'price-asc' })).toEqual(['b', 'c'])
    expect(await titles({ minPriceFen: 150, maxPriceFen: 250 })).toEqual(['c'])
    expect(await titles({ categoryId: 'none' })).toEqual([])
  })

  it.each(['newest', 'price-asc', 'price-desc', 'sales'])(
    'pages by %s without losing or repeating equal ones',
    async (sort) => {
      const names = ['a', 'b', 'c', 'd', 'e']
      for (const [at, name] of names.entries()) await onSale(name, at < 3 ? 100 : 200)
      const seen: string[] = []
      let cursor: string | null | undefined
      do {
        const page: Page = await cloud.as('buyer1').ok<Page>('catalog/list', { sort, size: 2, cursor })
        seen.push(...page.items.map(({ title }) => title))
        cursor = page.nextCursor ?? undefined
      } while (cursor)
      expect(seen.toSorted()).toEqual(names)
    },
  )

  it.each([
    ['a price range the wrong way round', { minPriceFen: 2, maxPriceFen: 1 }],
    ['an unknown order', { sort: 'random' }],
    ['a page of nothing', { size: 0 }],
    ['too large a page', { size: 101 }],
    ['a cursor that it did not give', { cursor: 'zzz' }],
    ['an operator for a category', { categoryId: { $ne: null } }],
  ])('refuses %s', async (_what, data) => {
    expect(await cloud.as('buyer1').refused('catalog/list', data)).toBe('INVALID_INPUT')
  })

  it('adds addresses of covers when asked to, and does without those that have none', async () => {
    await onSale('a', 300)
    const { items } = await cloud.as('buyer1').ok<Page>('catalog/list', { withUrls: true })
    expect(items).toMatchObject([{ title: 'a' }])
  })
})

describe('catalog/search', () => {
  it('finds Chinese by its parts and Latin words in any case', async () => {
    await onSale('红富士苹果', 100)
    await onSale('青苹果 Granny Smith', 200)
    await onSale('富士山明信片', 300)
    const search = (text: string) => titles({ text }, 'search')
    expect(await search('苹果')).toEqual(['青苹果 Granny Smith', '红富士苹果'])
    expect(await search('富士 苹果')).toEqual(['红富士苹果'])
    expect(await search('GRANNY')).toEqual(['青苹果 Granny Smith'])
    expect(await search('红')).toEqual(['红富士苹果'])
    expect(await search('香蕉')).toEqual([])
    expect(cloud.databaseCalls()).toBe(1)
  })

  it('takes a pattern for what it is: text', async () => {
    await onSale('红富士苹果', 100)
    expect(await titles({ text: '.*' }, 'search')).toEqual([])
  })

  it('does not find what is not on sale', async () => {
    const { productId } = await onSale('红富士苹果', 100)
    await cloud.as('admin').ok('catalog/unpublish', { productId })
    expect(await titles({ text: '苹果' }, 'search')).toEqual([])
  })

  it('refuses nothing and too much', async () => {
    expect(await cloud.as('buyer1').refused('catalog/search', { text: ' ' })).toBe('INVALID_INPUT')
    expect(await cloud.as('buyer1').refused('catalog/search', { text: 'x'.repeat(61) })).toBe('INVALID_INPUT')
  })
})

describe('catalog/detail', () => {
  it('shows the SKUs with what is left of each, by two database requests and then by one', async () => {
    const { productId, skuIds } = await onSale('a', 300)
    const [skuId = ''] = skuIds
    await cloud.as('admin').ok('inventory/restock', { skuId, quantity: 7, note: '到货' })
    const detail = () => cloud.as('buyer1').ok('catalog/detail', { productId })
    await detail()
    expect(cloud.databaseCalls()).toBe(2)
    // Learns the cache's version.
    await detail()
    expect(await detail()).toMatchObject({
      productId,
      categoryIds: [fruit, apples],
      skus: [{ skuId, title: '', priceFen: 300, available: 7, coverFileId: 'cloud://env.bucket/300.png' }],
    })
    expect(cloud.databaseCalls()).toBe(1)
  })

  it('does not know made-up ids, and stops asking the database about them', async () => {
    for (let i = 0; i < 3; i++) {
      expect(await cloud.as('buyer1').refused('catalog/detail', { productId: 'none' })).toBe('NOT_FOUND')
    }
    expect(cloud.databaseCalls()).toBe(0)
    expect(await cloud.as('buyer1').refused('catalog/detail', {})).toBe('INVALID_INPUT')
  })
})

describe('catalog/batch', () => {
  it('gives cards in the order asked for, without those not on sale, by one database request', async () => {
    const a = await onSale('a', 100)
    const b = await onSale('b', 200)
    const c = await onSale('c', 300)
    await cloud.as('admin').ok('catalog/unpublish', { productId: b.productId })
    const productIds = [c.productId, b.productId, 'none', a.productId, c.productId]
    expect(await titles({ productIds }, 'batch')).toEqual(['c', 'a'])
    expect(cloud.databaseCalls()).toBe(1)
  })

  it('refuses none and too many', async () => {
    expect(await cloud.as('buyer1').refused('catalog/batch', { productIds: [] })).toBe('INVALID_INPUT')
    const productIds = Array.from({ length: 51 }, (_, at) => `p${at}`)
    expect(await cloud.as('buyer1').refused('catalog/batch', { productIds })).toBe('INVALID_INPUT')
  })
})

describe('catalog/operatorList and catalog/operatorDetail', () => {
  it('show products in any state with what an edit needs', async () => {
    const { productId } = await onSale('红苹果', 100)
    await cloud
      .as('admin')
      .ok('catalog/createProduct', { title: '草稿', skus: [{ priceFen: 1, code: 'X-1' }] })
    const list = async (data: object) =>
      (await cloud.as('admin').ok<Page>('catalog/operatorList', data)).items.map(({ title }) => title)
    expect(await list({})).toEqual(['草稿', '红苹果'])
    expect(await list({ status: 'draft' })).toEqual(['草稿'])
    expect(await list({ text: '苹果' })).toEqual(['红苹果'])
    expect(await list({ text: 'x-1' })).toEqual(['草稿'])
    expect(await cloud.as('admin').ok('catalog/operatorDetail', { productId })).toMatchObject({
      status: 'published',
      version: 2,
      skus: [{ code: expect.stringContaining('sku_'), available: 0 }],
    })
    expect(await cloud.as('admin').refused('catalog/operatorDetail', { productId: 'none' })).toBe('NOT_FOUND')
  })
})
