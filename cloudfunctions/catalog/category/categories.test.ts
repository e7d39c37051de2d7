import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'
import type { CategoryNode } from './model.ts'

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
})

const create = async (name: string, more: object = {}) =>
  (await cloud.as('admin').ok<{ categoryId: string }>('catalog/createCategory', { name, ...more })).categoryId
const tree = async () =>
  (await cloud.as('buyer1').ok<{ categories: CategoryNode[] }>('catalog/categories')).categories

describe('catalog/categories', () => {
  it('shows two levels to anybody, by their order', async () => {
    const fruit = await create('水果', { sort: 2 })
    await create('苹果', { parentId: fruit })
    await create('蔬菜', { sort: 1 })
    expect(await tree()).toMatchObject([
      { name: '蔬菜', children: [] },
      { name: '水果', children: [{ name: '苹果', children: [] }] },
    ])
    // The second call of an instance learns the cache's version; from then on the tree is at hand.
    await tree()
    await tree()
    expect(cloud.databaseCalls()).toBe(0)
  })
})

describe('catalog/createCategory', () => {
  it('creates once for a repeated request', async () => {
    const options = { requestId: 'request-0001' }
    const first = await cloud.as('admin').ok('catalog/createCategory', { name: '水果' }, options)
    expect(await cloud.as('admin').ok('catalog/createCategory', { name: '水果' }, options)).toEqual(first)
    const other = await cloud.as('admin').refused('catalog/createCategory', { name: '蔬菜' }, options)
    expect(other).toBe('REQUEST_ID_REUSED')
    expect(await tree()).toHaveLength(1)
  })

  it('refuses a third level, an unknown parent and a missing name', async () => {
    const parentId = await create('苹果', { parentId: await create('水果') })
    const refused = (data: object) => cloud.as('admin').refused('catalog/createCategory', data)
    expect(await refused({ name: '红富士', parentId })).toBe('CATEGORY_DEPTH')
    expect(await refused({ name: '红富士', parentId: 'none' })).toBe('NOT_FOUND')
    expect(await refused({})).toBe('INVALID_INPUT')
  })
})

describe('catalog/updateCategory', () => {
  it('shows the new name at once', async () => {
    const categoryId = await create('水果')
    await tree()
    await cloud.as('admin').ok('catalog/updateCategory', { categoryId, name: '时令水果' })
    expect(await tree()).toMatchObject([{ name: '时令水果' }])
  })

  it('refuses an unknown category', async () => {
    const input = { categoryId: 'none', name: 'x' }
    expect(await cloud.as('admin').refused('catalog/updateCategory', input)).toBe('NOT_FOUND')
  })
})

describe('catalog/removeCategory', () => {
  it('removes an empty category', async () => {
    const categoryId = await create('水果')
    await cloud.as('admin').ok('catalog/removeCategory', { categoryId })
    expect(await tree()).toEqual([])
    expect(await cloud.as('admin').refused('catalog/removeCategory', { categoryId })).toBe('NOT_FOUND')
  })

  it('refuses one with categories or products below it', async () => {
    const fruit = await create('水果')
    const apples = await create('苹果', { parentId: fruit })
    expect(await cloud.as('admin').refused('catalog/removeCategory', { categoryId: fruit })).toBe(
      'CATEGORY_IN_USE',
    )
    const product = { title: '红富士', categoryId: apples, skus: [{ priceFen: 100 }] }
    await cloud.as('admin').ok('catalog/createProduct', product)
    expect(await cloud.as('admin').refused('catalog/removeCategory', { categoryId: apples })).toBe(
      'CATEGORY_IN_USE',
    )
  })

  it('leaves no product in nothing when one is created at the same time', async () => {
    const categoryId = await create('水果')
    const product = { title: '红富士', categoryId, skus: [{ priceFen: 100 }] }
    const [removed, created] = await Promise.all([
      cloud.as('admin').call('catalog/removeCategory', { categoryId }),
      cloud.as('admin').call('catalog/createProduct', product),
    ])
    expect([removed.code, created.code].filter((code) => code === 0)).toHaveLength(1)
  })

  it('conflicts with putting a product into the category, because that writes the category too', async () => {
    const categoryId = await create('水果')
    const before = await cloud.collection('categories').get(categoryId)
    await cloud.as('admin').ok('catalog/createProduct', { title: '梨', categoryId, skus: [{ priceFen: 1 }] })
    const after = await cloud.collection('categories').get(categoryId)
    expect(after).toMatchObject({ revision: Number(before?.revision) + 1 })
  })
})

describe('a customer', () => {
  it.each([
    ['createCategory', { name: 'x' }],
    ['updateCategory', { categoryId: 'x', name: 'x' }],
    ['removeCategory', { categoryId: 'x' }],
  ])('may not call %s', async (route, data) => {
    expect(await cloud.as('buyer1').refused(`catalog/${route}`, data)).toBe('FORBIDDEN')
  })
})
