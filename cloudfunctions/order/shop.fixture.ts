/** A small shop for unit tests, set up through the routes: two SKUs on sale, buyers with an address. */

/** The part of a unit cloud that is needed here. */
interface Cloud {
  as(name: string): { ok<T>(route: string, data?: unknown): Promise<T> }
  wechat: { control: { payments: { pay(ref: { outTradeNo: string }): Promise<unknown> } } }
}

export interface Shop {
  shirt: string
  mug: string
  shirtFen: number
  mugFen: number
  /** Places an order of one shirt and two mugs, unless told otherwise. */
  order(buyer: string, items?: { skuId: string; quantity: number }[]): Promise<string>
  /** The same, prepared and paid for. */
  paidOrder(buyer: string): Promise<string>
  addressOf(buyer: string): Promise<string>
}

export async function openShop(cloud: Cloud): Promise<Shop> {
  const shop = cloud.as('admin')
  const { categoryId } = await shop.ok<{ categoryId: string }>('catalog/createCategory', { name: 'Things' })
  const shirtFen = 5_900
  const mugFen = 2_350
  const shirt = await sell('Shirt', shirtFen, 20)
  const mug = await sell('Mug', mugFen, 30)
  const addresses = new Map<string, string>()

  async function sell(title: string, priceFen: number, units: number): Promise<string> {
    const { productId, skuIds } = await shop.ok<{ productId: string; skuIds: string[] }>(
      'catalog/createProduct',
      {
        title,
        categoryId,
        coverFileId: 'cloud://demo/cover.png',
        imageFileIds: ['cloud://demo/cover.png'],
        skus: [{ priceFen }],
      },
    )
    await shop.ok('catalog/publish', { productId })
    const skuId = skuIds[0] ?? ''
    await shop.ok('inventory/restock', { skuId, quantity: units })
    return skuId
  }

  async function addressOf(buyer: string): Promise<string> {
    const known = addresses.get(buyer)
    if (known !== undefined) return known
    const { addressId } = await cloud.as(buyer).ok<{ addressId: string }>('user/addAddress', {
      name: 'Demo Buyer',
      phone: '13800000000',
      province: '广东省',
      city: '深圳市',
      district: '南山区',
      detail: '1 Demo Road',
    })
    addresses.set(buyer, addressId)
    return addressId
  }

  async function order(
    buyer: string,
    items = [
      { skuId: shirt, quantity: 1 },
      { skuId: mug, quantity: 2 },
    ],
  ): Promise<string> {
    const addressId = await addressOf(buyer)
    const { orderId } = await cloud.as(buyer).ok<{ orderId: string }>('order/create', { items, addressId })
    return orderId
  }

  return {
    shirt,
    mug,
    shirtFen,
    mugFen,
    addressOf,
    order,
    async paidOrder(buyer) {
      const orderId = await order(buyer)
      await cloud.as(buyer).ok('payment/prepare', { orderId })
      await cloud.wechat.control.payments.pay({ outTradeNo: orderId })
      return orderId
    },
  }
}
