import type { Caller } from '../support/caller.ts'
import { type LiveCloud, liveCloud } from '../support/live.ts'

/** A small shop on a local cloud of its own: one product on the shelf, a manager, two buyers with addresses. */
export interface ShopFloor {
  cloud: LiveCloud
  skuId: string
  productId: string
  addressOf: Map<string, string>
  /** Prepares the payment of an order and gives what `wx.requestPayment` would open. */
  prepare(buyer: string, orderId: string): Promise<{ prepayId: string }>
  /** Places an order of `quantity` units. */
  order(buyer: string, quantity: number): Promise<string>
  /** On hand, reserved and sold, as the warehouse sees them; throws when the ledger does not add up to it. */
  stock(): Promise<{ onHand: number; reserved: number; sold: number }>
  status(buyer: string, orderId: string): Promise<string>
}

export const PRICE_FEN = 1_999
export const UNITS = 50

export async function openShop(): Promise<ShopFloor> {
  const cloud = await liveCloud()
  const admin = cloud.as('admin')
  await admin.ok('user/login')
  await admin.ok('user/installRoles')
  await cloud.as('manager1').ok('user/login')
  for (const role of ['operator', 'warehouse', 'customer_service', 'finance']) {
    await admin.ok('user/grantRole', { userId: cloud.openid('manager1'), role })
  }

  const { categoryId } = await admin.ok<{ categoryId: string }>('catalog/createCategory', { name: '茶' })
  const { productId, skuIds } = await admin.ok<{ productId: string; skuIds: string[] }>(
    'catalog/createProduct',
    {
      title: '明前龙井',
      categoryId,
      coverFileId: 'cloud://local.6c6f-local-1250000000/tea.png',
      skus: [{ priceFen: PRICE_FEN }],
    },
  )
  const [skuId = ''] = skuIds
  await admin.ok('inventory/restock', { skuId, quantity: UNITS })
  await admin.ok('catalog/publish', { productId })

  const addressOf = new Map<string, string>()
  for (const buyer of ['buyer1', 'buyer2']) addressOf.set(buyer, await addAddress(cloud.as(buyer)))

  return {
    cloud,
    skuId,
    productId,
    addressOf,
    async prepare(buyer, orderId) {
      const { payment } = await cloud
        .as(buyer)
        .ok<{ payment: { package: string } }>('payment/prepare', { orderId })
      return { prepayId: payment.package.replace('prepay_id=', '') }
    },
    async order(buyer, quantity) {
      const input = { items: [{ skuId, quantity }], addressId: addressOf.get(buyer) }
      const { orderId } = await cloud.as(buyer).ok<{ orderId: string }>('order/create', input)
      return orderId
    },
    async stock() {
      const { onHand, reserved, sold } = (await cloud.collection('stocks').get(skuId)) ?? {}
      const movements = await cloud.collection('stock_movements').all()
      const sum = { onHand: 0, reserved: 0, sold: 0 }
      for (const movement of movements) {
        for (const bucket of ['onHand', 'reserved', 'sold'] as const)
          sum[bucket] += Number(movement[bucket] ?? 0)
      }
      const kept = { onHand: Number(onHand), reserved: Number(reserved), sold: Number(sold) }
      if (JSON.stringify(sum) !== JSON.stringify(kept)) {
        throw new Error(`the ledger says ${JSON.stringify(sum)}, the stock ${JSON.stringify(kept)}`)
      }
      return kept
    },
    async status(buyer, orderId) {
      const { status } = await cloud.as(buyer).ok<{ status: string }>('order/detail', { orderId })
      return status
    },
  }
}

async function addAddress(buyer: Caller): Promise<string> {
  await buyer.ok('user/login')
  const { addressId } = await buyer.ok<{ addressId: string }>('user/addAddress', {
    name: '小满',
    phone: '13800000000',
    province: '浙江省',
    city: '杭州市',
    district: '西湖区',
    detail: '文三路 1 号',
  })
  return addressId
}
