import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'
import { openShop, type Shop } from '../shop.fixture.ts'

interface Shown {
  items: Record<string, unknown>[]
  selectedFen: number
  selectedCount: number
}

describe('the cart', () => {
  let cloud: UnitCloud
  let shop: Shop
  beforeEach(async () => {
    cloud = await unitCloud()
    shop = await openShop(cloud)
  })
  const buyer = () => cloud.as('buyer1')
  const show = () => buyer().ok<Shown>('order/cart')

  it('is empty at first', async () => {
    expect(await show()).toEqual({ items: [], selectedFen: 0, selectedCount: 0 })
  })

  it('adds up what is put into it, at the price of today', async () => {
    await buyer().ok('order/cartAdd', { skuId: shop.mug })
    await buyer().ok('order/cartAdd', { skuId: shop.shirt, quantity: 2 })
    expect(await buyer().ok('order/cartAdd', { skuId: shop.mug, quantity: 3 })).toEqual({
      lines: 2,
      quantity: 4,
    })
    expect(await show()).toMatchObject({
      items: [
        { skuId: shop.shirt, quantity: 2, saleable: true, sku: { priceFen: shop.shirtFen, title: 'Shirt' } },
        { skuId: shop.mug, quantity: 4, saleable: true, available: 30, reason: null },
      ],
      selectedFen: 2 * shop.shirtFen + 4 * shop.mugFen,
      selectedCount: 6,
    })
    expect(await cloud.as('buyer2').ok('order/cart')).toMatchObject({ items: [] })
  })

  it('adds once when the same request comes again', async () => {
    const add = () =>
      buyer().call('order/cartAdd', { skuId: shop.mug, quantity: 2 }, { requestId: 'add-mugs-1' })
    await Promise.all([add(), add(), add()])
    await add()
    expect(await show()).toMatchObject({ items: [{ quantity: 2 }] })
  })

  it('refuses a request id that comes again with something else', async () => {
    await buyer().ok('order/cartAdd', { skuId: shop.mug }, { requestId: 'request-0001' })
    for (const other of [{ skuId: shop.shirt }, { skuId: shop.mug, quantity: 2 }]) {
      expect(await buyer().refused('order/cartAdd', other, { requestId: 'request-0001' })).toBe(
        'REQUEST_ID_REUSED',
      )
    }
    expect(await show()).toMatchObject({ items: [{ skuId: shop.mug, quantity: 1 }] })
  })

  it('loses nothing when several devices add at once', async () => {
    await buyer().ok('order/cartAdd', { skuId: shop.mug })
    await Promise.all([1, 2, 3].map(() => buyer().ok('order/cartAdd', { skuId: shop.mug })))
    expect(await show()).toMatchObject({ items: [{ quantity: 4 }] })
  })

  it('refuses what many devices at once keep it from writing, and has all that it took', async () => {
    await buyer().ok('order/cartAdd', { skuId: shop.mug })
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => buyer().call('order/cartAdd', { skuId: shop.mug })),
    )
    const refused = replies.flatMap((reply) => ('error' in reply ? [reply.error] : []))
    expect(new Set(refused)).toEqual(new Set(['BUSY']))
    expect(await show()).toMatchObject({ items: [{ quantity: 9 - refused.length }] })
  })

  it('changes, selects, removes and clears', async () => {
    await buyer().ok('order/cartAdd', { skuId: shop.mug })
    await buyer().ok('order/cartAdd', { skuId: shop.shirt })
    await buyer().ok('order/cartUpdate', { skuId: shop.mug, quantity: 7 })
    expect(await buyer().ok('order/cartSelect', { skuIds: [shop.mug], selected: false })).toEqual({
      selected: 1,
    })
    expect(await show()).toMatchObject({ selectedFen: shop.shirtFen, selectedCount: 1 })
    expect(await buyer().ok('order/cartSelect', { selected: true })).toEqual({ selected: 2 })
    expect(await buyer().ok('order/cartRemove', { skuIds: [shop.shirt, 'sku_unknown'] })).toEqual({
      lines: 1,
    })
    expect(await show()).toMatchObject({ items: [{ skuId: shop.mug, quantity: 7 }] })
    expect(await buyer().ok('order/cartClear')).toEqual({ lines: 0 })
    expect(await show()).toMatchObject({ items: [] })
    expect(await buyer().ok('order/cartClear')).toEqual({ lines: 0 })
  })

  it('marks what is not for sale any more and what is short, and does not count it', async () => {
    await buyer().ok('order/cartAdd', { skuId: shop.mug, quantity: 31 })
    await buyer().ok('order/cartAdd', { skuId: shop.shirt })
    const product = (await cloud.collection('products').all()).find(({ title }) => title === 'Shirt')
    await cloud.as('admin').ok('catalog/unpublish', { productId: product?._id })
    cloud.restartFunctions()
    expect(await show()).toMatchObject({
      items: [
        { skuId: shop.shirt, saleable: false, reason: 'off-sale', available: 0, sku: null },
        { skuId: shop.mug, saleable: false, reason: 'short', available: 30 },
      ],
      selectedFen: 0,
      selectedCount: 0,
    })
  })

  it('refuses what is not for sale, unknown lines, prices and wrong quantities', async () => {
    expect(await buyer().refused('order/cartAdd', { skuId: 'sku_unknown' })).toBe('SKU_NOT_SALEABLE')
    expect(await buyer().refused('order/cartUpdate', { skuId: shop.mug, quantity: 1 })).toBe('NOT_FOUND')
    for (const wrong of [
      { quantity: 0 },
      { quantity: 100 },
      { quantity: 1.5 },
      { quantity: '1' },
      { priceFen: 1 },
    ]) {
      expect(await buyer().refused('order/cartAdd', { skuId: shop.mug, ...wrong })).toBe('INVALID_INPUT')
    }
    const anonymous = await cloud.asPlatform('order', { $url: 'cart', data: {} })
    expect(anonymous).toMatchObject({ error: 'UNAUTHENTICATED' })
  })

  it('holds a hundred lines and ninety-nine of each', async () => {
    await buyer().ok('order/cartAdd', { skuId: shop.mug, quantity: 90 })
    expect(await buyer().ok('order/cartAdd', { skuId: shop.mug, quantity: 90 })).toMatchObject({
      quantity: 99,
    })
    const stored = await cloud.collection('carts').get(cloud.openid('buyer1'))
    const line = { quantity: 1, selected: false, addedAtMs: 0 }
    const lines = Array.from({ length: 100 }, (_one, i) => ({ ...line, skuId: `sku_${i}` }))
    await cloud.collection('carts').remove(cloud.openid('buyer1'))
    await cloud.collection('carts').insert({ ...stored, _id: cloud.openid('buyer1'), lines })
    expect(await buyer().refused('order/cartAdd', { skuId: shop.shirt })).toBe('CART_LIMIT')
  })
})
