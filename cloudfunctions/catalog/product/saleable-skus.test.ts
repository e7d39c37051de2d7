import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
  for (const name of ['admin', 'buyer1']) await cloud.as(name).ok('user/login')
})

async function onSale(title: string) {
  const category = await cloud
    .as('admin')
    .ok<{ categoryId: string }>('catalog/createCategory', { name: title })
  const skus = [
    { attributes: [{ name: '颜色', value: '红' }], priceFen: 100 },
    { attributes: [{ name: '颜色', value: '白' }], priceFen: 200 },
  ]
  const fields = { title, ...category, coverFileId: 'cloud://env.bucket/a.png', skus }
  const product = await cloud
    .as('admin')
    .ok<{ productId: string; skuIds: string[] }>('catalog/createProduct', fields)
  await cloud.as('admin').ok('catalog/publish', { productId: product.productId })
  for (const skuId of product.skuIds) await cloud.as('admin').ok('inventory/restock', { skuId, quantity: 50 })
  return product
}

async function addressOfBuyer(): Promise<string> {
  const address = {
    name: '张三',
    phone: '13800138000',
    province: '广东省',
    city: '深圳市',
    district: '南山区',
    detail: '科技园 1 号',
  }
  return (await cloud.as('buyer1').ok<{ addressId: string }>('user/addAddress', address)).addressId
}

/** Seen through `order/create`, which asks for it. */
async function order(skuIds: string[]) {
  const items = skuIds.map((skuId) => ({ skuId, quantity: 2 }))
  return cloud.as('buyer1').call('order/create', { items, addressId: await addressOfBuyer() })
}

describe('saleableSkus', () => {
  it('gives an order the price and the words of each SKU, over several products', async () => {
    const [a, b] = [await onSale('苹果'), await onSale('梨')]
    expect(await order([a.skuIds[0] ?? '', a.skuIds[1] ?? '', b.skuIds[0] ?? ''])).toMatchObject({ code: 0 })
    const [stored] = await cloud.collection('orders').all()
    expect(stored?.lines).toMatchObject([
      { title: '苹果', skuTitle: '红', priceFen: 100, quantity: 2, productId: a.productId },
      { title: '苹果', skuTitle: '白', priceFen: 200 },
      { title: '梨', skuTitle: '红', coverFileId: 'cloud://env.bucket/a.png' },
    ])
  })

  it('names the SKUs that are not for sale, and knows a new one as soon as it exists', async () => {
    const { productId, skuIds } = await onSale('苹果')
    const [red = '', white = ''] = skuIds
    expect(await order([red, 'sku_none'])).toMatchObject({
      error: 'SKU_NOT_SALEABLE',
      details: { skuIds: ['sku_none'] },
    })
    await cloud.as('admin').ok('catalog/unpublish', { productId })
    await cloud.clock.advance(16_000)
    expect(await order([red, white])).toMatchObject({
      error: 'SKU_NOT_SALEABLE',
      details: { skuIds: [red, white] },
    })
  })
})

describe('catalog.count-sales', () => {
  it('counts what was paid for, once however often the event comes', async () => {
    const { productId, skuIds } = await onSale('苹果')
    const lines = skuIds.map((skuId) => ({ skuId, quantity: 2 }))
    const event = (id: string) => ({
      _id: id,
      type: 'order.paid',
      payload: {
        orderId: 'ord_1',
        userId: cloud.openid('buyer1'),
        kind: 'flash',
        lines,
        amountFen: 600,
        title: '苹果',
        paidAtMs: cloud.clock.nowMs(),
      },
      occurredAtMs: cloud.clock.nowMs(),
      traceId: 'trace-0001',
      status: 'pending',
      doneBy: [],
      attempts: 0,
      dueAtMs: cloud.clock.nowMs(),
    })
    await cloud.collection('outbox').insert(event('evt_1'), event('evt_2'))
    await cloud.asTimer('scheduler', 'everyMinute')
    expect(await cloud.collection('products').get(productId)).toMatchObject({ soldCount: 4 })
  })
})
