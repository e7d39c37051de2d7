import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

interface Written {
  productId: string
  version: number
  skuIds: string[]
}

let cloud: UnitCloud
let categoryId: string
beforeEach(async () => {
  cloud = await unitCloud()
  const created = await cloud
    .as('admin')
    .ok<{ categoryId: string }>('catalog/createCategory', { name: '服装' })
  categoryId = created.categoryId
})

const colour = (value: string) => [{ name: '颜色', value }]
const shirt = () => ({
  title: '纯棉T恤',
  coverFileId: 'cloud://env.bucket/shirt.png',
  categoryId,
  skus: [
    { attributes: colour('红'), priceFen: 5900, code: 'TS-RED' },
    { attributes: colour('白'), priceFen: 4900, marketPriceFen: 9900 },
  ],
})
const create = (data: object = shirt(), requestId?: string) =>
  cloud.as('admin').ok<Written>('catalog/createProduct', data, { requestId })
const edit = (data: object, requestId?: string) =>
  cloud.as('admin').call<Written>('catalog/editProduct', data, { requestId })
const stored = (id: string) => cloud.collection('products').get(id)

describe('catalog/createProduct', () => {
  it('makes a draft that customers do not see', async () => {
    const { productId, version, skuIds } = await create()
    expect(version).toBe(1)
    expect(skuIds).toHaveLength(2)
    expect(await stored(productId)).toMatchObject({
      status: 'draft',
      priceFen: 4900,
      maxPriceFen: 5900,
      categoryIds: [categoryId],
      skuCodes: ['TS-RED', skuIds[1]],
    })
    expect(await cloud.as('buyer1').ok('catalog/list')).toEqual({ items: [], nextCursor: null })
    expect(await cloud.as('buyer1').refused('catalog/detail', { productId })).toBe('NOT_FOUND')
  })

  it('creates once for ten tries of the same request at the same time', async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => create(shirt(), 'request-0001')))
    expect(new Set(replies.map(({ productId }) => productId)).size).toBe(1)
    const other = { ...shirt(), title: '另一件' }
    const options = { requestId: 'request-0001' }
    expect(await cloud.as('admin').refused('catalog/createProduct', other, options)).toBe('REQUEST_ID_REUSED')
    expect(await cloud.collection('products').all()).toHaveLength(1)
  })

  it('refuses a SKU code that another product has', async () => {
    await create()
    expect(await cloud.as('admin').refused('catalog/createProduct', shirt())).toBe('SKU_CODE_TAKEN')
  })

  it('refuses a code that is in it twice', async () => {
    const skus = [
      { attributes: colour('红'), priceFen: 1, code: 'A' },
      { attributes: colour('白'), priceFen: 1, code: 'A' },
    ]
    expect(await cloud.as('admin').refused('catalog/createProduct', { ...shirt(), skus })).toBe(
      'SKU_CODE_TAKEN',
    )
  })

  it.each([
    ['no SKU', { skus: [] }],
    ['a price of nothing', { skus: [{ priceFen: 0 }] }],
    ['half a fen', { skus: [{ priceFen: 0.5 }] }],
    ['a negative price', { skus: [{ priceFen: -1 }] }],
    ['a price as text', { skus: [{ priceFen: '100' }] }],
    ['two SKUs that are the same', { skus: [{ priceFen: 1 }, { priceFen: 2 }] }],
    ['a SKU of another product', { skus: [{ skuId: 'sku_other', priceFen: 1 }] }],
    ['a picture from somewhere else', { coverFileId: 'https://example.com/a.png' }],
    ['no title', { title: ' ' }],
    ['ten thousand SKUs', { skus: Array.from({ length: 10_000 }, () => ({ priceFen: 1 })) }],
  ])('refuses %s', async (_what, wrong) => {
    const refusal = await cloud.as('admin').refused('catalog/createProduct', { ...shirt(), ...wrong })
    expect(refusal).toBe('INVALID_INPUT')
    expect(await cloud.collection('products').all()).toEqual([])
  })

  it('refuses an unknown category', async () => {
    const input = { ...shirt(), categoryId: 'none' }
    expect(await cloud.as('admin').refused('catalog/createProduct', input)).toBe('NOT_FOUND')
  })
})

describe('catalog/editProduct', () => {
  it('keeps the ids of SKUs that are named, and makes new ones for the rest', async () => {
    const { productId, version, skuIds } = await create()
    const [red] = skuIds
    const skus = [
      { skuId: red, attributes: colour('红'), priceFen: 5500, code: 'TS-RED' },
      { attributes: colour('黑'), priceFen: 6900 },
    ]
    const reply = await edit({ ...shirt(), productId, version, skus })
    expect(reply).toMatchObject({ code: 0, data: { version: 2 } })
    expect(reply.data?.skuIds[0]).toBe(red)
    expect(skuIds).not.toContain(reply.data?.skuIds[1])
    expect(await stored(productId)).toMatchObject({ priceFen: 5500, maxPriceFen: 6900 })
  })

  it('refuses an edit of what somebody else has edited since', async () => {
    const { productId, version } = await create()
    await edit({ ...shirt(), productId, version, title: '第一' })
    expect(await edit({ ...shirt(), productId, version, title: '第二' })).toMatchObject({ error: 'STALE' })
    expect(await stored(productId)).toMatchObject({ title: '第一' })
  })

  it('answers a repeat with the first reply, and refuses its id for another edit', async () => {
    const { productId, version } = await create()
    const input = { ...shirt(), productId, version, title: '新' }
    const first = await edit(input, 'request-0001')
    expect(await edit(input, 'request-0001')).toEqual(first)
    const other = { ...input, title: '更新' }
    expect(await edit(other, 'request-0001')).toMatchObject({ error: 'REQUEST_ID_REUSED' })
  })

  it('refuses to name a SKU twice', async () => {
    const { productId, version, skuIds } = await create()
    const skus = [
      { skuId: skuIds[0], attributes: colour('红'), priceFen: 1, code: 'A' },
      { skuId: skuIds[0], attributes: colour('白'), priceFen: 1, code: 'B' },
    ]
    expect(await edit({ ...shirt(), productId, version, skus })).toMatchObject({ error: 'INVALID_INPUT' })
  })

  it('keeps a published product complete', async () => {
    const { productId } = await create()
    const { version } = await cloud.as('admin').ok<Written>('catalog/publish', { productId })
    expect(await edit({ ...shirt(), productId, version, coverFileId: null })).toMatchObject({
      error: 'PRODUCT_INCOMPLETE',
      details: { missing: ['coverFileId'] },
    })
  })

  it('shows customers the new price at once', async () => {
    const { productId, skuIds } = await create()
    const { version } = await cloud.as('admin').ok<Written>('catalog/publish', { productId })
    await cloud.as('buyer1').ok('catalog/detail', { productId })
    await edit({
      ...shirt(),
      productId,
      version,
      skus: [{ skuId: skuIds[0], priceFen: 100, code: 'TS-RED' }],
    })
    expect(await cloud.as('buyer1').ok('catalog/detail', { productId })).toMatchObject({ priceFen: 100 })
  })

  it('refuses a taken SKU code and an unknown product', async () => {
    await create()
    const other = await create({ title: '裤子', skus: [{ priceFen: 1 }] })
    const skus = [{ priceFen: 1, code: 'TS-RED' }]
    const input = { ...shirt(), productId: other.productId, version: 1, skus }
    expect(await edit(input)).toMatchObject({ error: 'SKU_CODE_TAKEN' })
    expect(await edit({ ...input, productId: 'none' })).toMatchObject({ error: 'NOT_FOUND' })
  })
})

describe('catalog/publish and catalog/unpublish', () => {
  const publish = (productId: string) => cloud.as('admin').call('catalog/publish', { productId })
  const unpublish = (productId: string) => cloud.as('admin').call('catalog/unpublish', { productId })

  it('put a product on sale and take it off again, and may be repeated', async () => {
    const { productId } = await create()
    const published = await publish(productId)
    expect(published).toMatchObject({ data: { status: 'published', version: 2 } })
    expect(await publish(productId)).toMatchObject({ data: { status: 'published', version: 2 } })
    expect(await cloud.as('buyer1').ok('catalog/detail', { productId })).toMatchObject({ title: '纯棉T恤' })
    expect(await unpublish(productId)).toMatchObject({ data: { status: 'off_shelf' } })
    expect(await unpublish(productId)).toMatchObject({ data: { status: 'off_shelf' } })
    expect(await cloud.as('buyer1').refused('catalog/detail', { productId })).toBe('NOT_FOUND')
    expect(await publish(productId)).toMatchObject({ data: { status: 'published' } })
  })

  it('refuse what is incomplete, in the wrong state or unknown', async () => {
    const { productId } = await create({ title: '草稿', skus: [{ priceFen: 1 }] })
    expect(await publish(productId)).toMatchObject({
      error: 'PRODUCT_INCOMPLETE',
      details: { missing: ['coverFileId', 'categoryId'] },
    })
    expect(await unpublish(productId)).toMatchObject({ error: 'PRODUCT_STATE' })
    expect(await publish('none')).toMatchObject({ error: 'NOT_FOUND' })
    expect(await unpublish('none')).toMatchObject({ error: 'NOT_FOUND' })
  })
})

describe('catalog/removeProduct', () => {
  it('removes a draft and frees its codes', async () => {
    const { productId } = await create()
    await cloud.as('admin').ok('catalog/removeProduct', { productId })
    expect(await stored(productId)).toBeUndefined()
    await create()
  })

  it('refuses what is on sale, and what is not there', async () => {
    const { productId } = await create()
    await cloud.as('admin').ok('catalog/publish', { productId })
    expect(await cloud.as('admin').refused('catalog/removeProduct', { productId })).toBe('PRODUCT_STATE')
    expect(await cloud.as('admin').refused('catalog/removeProduct', { productId: 'none' })).toBe('NOT_FOUND')
  })
})

describe('a customer', () => {
  it.each(['publish', 'unpublish', 'removeProduct', 'operatorDetail'])('may not call %s', async (route) => {
    expect(await cloud.as('buyer1').refused(`catalog/${route}`, { productId: 'x' })).toBe('FORBIDDEN')
  })
  it('may neither list, create nor edit as an operator', async () => {
    expect(await cloud.as('buyer1').refused('catalog/operatorList')).toBe('FORBIDDEN')
    expect(await cloud.as('buyer1').refused('catalog/createProduct', shirt())).toBe('FORBIDDEN')
    const input = { ...shirt(), productId: 'x', version: 1 }
    expect(await cloud.as('buyer1').refused('catalog/editProduct', input)).toBe('FORBIDDEN')
  })
})
