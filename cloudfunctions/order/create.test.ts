import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { openShop, type Shop } from './shop.fixture.ts'

describe('order/create', () => {
  let cloud: UnitCloud
  let shop: Shop
  let addressId: string
  beforeEach(async () => {
    cloud = await unitCloud()
    shop = await openShop(cloud)
    addressId = await shop.addressOf('buyer1')
  })
  const stock = async (skuId: string) =>
    (await cloud.collection('stocks').get(skuId)) as Record<string, number>

  it('prices the order from the catalogue, holds stock and says until when to pay', async () => {
    const items = [
      { skuId: shop.shirt, quantity: 1 },
      { skuId: shop.mug, quantity: 2 },
    ]
    const data = await cloud
      .as('buyer1')
      .ok<{ orderId: string }>('order/create', { items, addressId, note: 'ring twice' })
    expect(data).toEqual({
      orderId: expect.stringMatching(/^ord_[0-9a-z]{26}$/),
      payableFen: shop.shirtFen + 2 * shop.mugFen,
      payBeforeMs: cloud.clock.nowMs() + 30 * 60_000,
    })
    expect(await stock(shop.mug)).toMatchObject({ onHand: 30, reserved: 2 })
    expect(await cloud.collection('orders').get(data.orderId)).toMatchObject({
      _openid: cloud.openid('buyer1'),
      status: 'unpaid',
      kind: 'normal',
      note: 'ring twice',
      address: { city: '深圳市' },
      lines: [
        { skuId: shop.shirt, quantity: 1, priceFen: shop.shirtFen, title: 'Shirt' },
        { skuId: shop.mug, quantity: 2, priceFen: shop.mugFen, title: 'Mug' },
      ],
    })
  })

  it('gives a repeated request its first reply and holds stock once', async () => {
    const input = { items: [{ skuId: shop.mug, quantity: 3 }], addressId }
    const replies = await Promise.all(
      Array.from({ length: 5 }, () =>
        cloud.as('buyer1').call('order/create', input, { requestId: 'request-0001' }),
      ),
    )
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1)
    expect(await cloud.collection('orders').all()).toHaveLength(1)
    expect(await stock(shop.mug)).toMatchObject({ reserved: 3 })
    const other = { ...input, items: [{ skuId: shop.mug, quantity: 4 }] }
    const reply = await cloud.as('buyer1').call('order/create', other, { requestId: 'request-0001' })
    expect(reply).toMatchObject({ error: 'REQUEST_ID_REUSED' })
  })

  it('makes one line of a SKU that is named twice', async () => {
    const items = [
      { skuId: shop.mug, quantity: 1 },
      { skuId: shop.mug, quantity: 4 },
    ]
    const { orderId } = await cloud.as('buyer1').ok<{ orderId: string }>('order/create', { items, addressId })
    expect(await cloud.collection('orders').get(orderId)).toMatchObject({
      lines: [{ skuId: shop.mug, quantity: 5 }],
    })
  })

  it('refuses when stock is short and holds nothing, not even of the other lines', async () => {
    const items = [
      { skuId: shop.shirt, quantity: 1 },
      { skuId: shop.mug, quantity: 31 },
    ]
    const reply = await cloud.as('buyer1').call('order/create', { items, addressId })
    expect(reply).toMatchObject({ error: 'STOCK_SHORT', details: { skuId: shop.mug, available: 30 } })
    expect(await stock(shop.shirt)).toMatchObject({ reserved: 0 })
    expect(await cloud.collection('orders').all()).toEqual([])
  })

  it("refuses what is not for sale and a stranger's address", async () => {
    const buyer = cloud.as('buyer1')
    const unknown = { items: [{ skuId: 'sku_unknown', quantity: 1 }], addressId }
    expect(await buyer.refused('order/create', unknown)).toBe('SKU_NOT_SALEABLE')
    const elsewhere = { items: [{ skuId: shop.mug, quantity: 1 }], addressId: await shop.addressOf('buyer2') }
    expect(await buyer.refused('order/create', elsewhere)).toBe('NOT_FOUND')
  })

  it.each([
    ['a price from the client', (skuId: string) => ({ items: [{ skuId, quantity: 1, priceFen: 1 }] })],
    ['a total from the client', (skuId: string) => ({ items: [{ skuId, quantity: 1 }], payableFen: 1 })],
    ['a negative quantity', (skuId: string) => ({ items: [{ skuId, quantity: -1 }] })],
    ['a fraction', (skuId: string) => ({ items: [{ skuId, quantity: 1.5 }] })],
    ['a number as text', (skuId: string) => ({ items: [{ skuId, quantity: '1' }] })],
    ['no items', () => ({ items: [] })],
    ['no items and no cart', () => ({})],
    [
      'ten thousand items',
      (skuId: string) => ({ items: Array.from({ length: 10_000 }, () => ({ skuId, quantity: 1 })) }),
    ],
    [
      'more than 99 of one SKU in two lines',
      (skuId: string) => ({
        items: [
          { skuId, quantity: 60 },
          { skuId, quantity: 60 },
        ],
      }),
    ],
  ])('refuses %s and changes nothing', async (_what, input) => {
    expect(await cloud.as('buyer1').refused('order/create', { ...input(shop.mug), addressId })).toBe(
      'INVALID_INPUT',
    )
    expect(await cloud.collection('orders').all()).toEqual([])
    expect(await stock(shop.mug)).toMatchObject({ reserved: 0 })
  })

  it('needs a request id', async () => {
    const input = { items: [{ skuId: shop.mug, quantity: 1 }], addressId }
    const reply = await cloud.as('buyer1').call('order/create', input, { requestId: null })
    expect(reply).toMatchObject({ error: 'REQUEST_ID_REQUIRED' })
  })

  it('orders what is selected in the cart and takes only that out of it', async () => {
    const buyer = cloud.as('buyer1')
    await buyer.ok('order/cartAdd', { skuId: shop.shirt, quantity: 2 })
    await buyer.ok('order/cartAdd', { skuId: shop.mug, quantity: 1 })
    await buyer.ok('order/cartSelect', { skuIds: [shop.mug], selected: false })
    const { payableFen } = await buyer.ok<{ payableFen: number }>('order/create', {
      fromCart: true,
      addressId,
    })
    expect(payableFen).toBe(2 * shop.shirtFen)
    expect(await buyer.ok('order/cart')).toMatchObject({ items: [{ skuId: shop.mug }] })
    expect(await buyer.refused('order/create', { fromCart: true, addressId })).toBe('CART_EMPTY')
  })

  it('refuses to order more than fifty lines of the cart at once', async () => {
    const buyer = cloud.as('buyer1')
    await buyer.ok('order/cartAdd', { skuId: shop.mug })
    const line = { quantity: 1, selected: true, addedAtMs: 0 }
    const lines = Array.from({ length: 51 }, (_one, i) => ({ ...line, skuId: `sku_${i}` }))
    await cloud.collection('carts').set(cloud.openid('buyer1'), { lines })
    expect(await buyer.refused('order/create', { fromCart: true, addressId })).toBe('INVALID_INPUT')
  })

  it('leaves the cart alone when the order is refused', async () => {
    const buyer = cloud.as('buyer1')
    await buyer.ok('order/cartAdd', { skuId: shop.mug, quantity: 31 })
    expect(await buyer.refused('order/create', { fromCart: true, addressId })).toBe('STOCK_SHORT')
    expect(await buyer.ok('order/cart')).toMatchObject({ items: [{ skuId: shop.mug, quantity: 31 }] })
  })
})
