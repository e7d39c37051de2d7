/** A flash order has no address and other stock: paid for, given back, and given up. */
import { expect, it } from 'vitest'
import {
  cloudWithSale,
  expectSound,
  MINUTE_MS,
  PRICE_FEN,
  type SaleCloud,
} from '../flashsale/sale.fixture.ts'

const ADDRESS = {
  ...{ name: 'Demo Buyer', phone: '13800000000', province: '广东省', city: '深圳市' },
  ...{ district: '南山区', detail: '1 Demo Road' },
}

async function buy(cloud: SaleCloud): Promise<{ orderId: string; addressId: string }> {
  const buyer = cloud.as('buyer1')
  const { addressId } = await buyer.ok<{ addressId: string }>('user/addAddress', ADDRESS)
  const { orderId } = await buyer.ok<{ orderId: string }>('flashsale/buy', { saleId: cloud.saleId })
  return { orderId, addressId }
}

it('is paid for with the address that comes then, and refunded with its goods', async () => {
  const cloud = await cloudWithSale()
  const { orderId, addressId } = await buy(cloud)
  const buyer = cloud.as('buyer1')
  expect(await buyer.refused('payment/prepare', { orderId })).toBe('ADDRESS_REQUIRED')
  expect(await buyer.ok('payment/prepare', { orderId, addressId })).toMatchObject({ payableFen: PRICE_FEN })
  await cloud.wechat.control.payments.pay({ outTradeNo: orderId })
  expect(await buyer.ok('order/detail', { orderId })).toMatchObject({
    status: 'paid',
    address: { city: '深圳市' },
  })
  await expectSound(cloud)

  const sold = await cloud.collection('stocks').get(cloud.skuId)
  const refund = { orderId, refundFen: PRICE_FEN, reason: 'changed mind', returnGoods: true }
  await cloud.as('admin').ok('payment/refund', refund)
  await cloud.clock.advance(1)
  expect(await buyer.ok('order/detail', { orderId })).toMatchObject({
    status: 'refunded',
    refundedFen: PRICE_FEN,
  })
  const returned = await cloud.collection('stocks').get(cloud.skuId)
  expect(Number(returned?.onHand) - Number(sold?.onHand)).toBe(1)
  await expectSound(cloud)
})

it('that is given up frees its unit for the next buyer, and money that comes late goes back', async () => {
  const cloud = await cloudWithSale({ units: 1 })
  const { orderId, addressId } = await buy(cloud)
  await cloud.as('buyer1').ok('payment/prepare', { orderId, addressId })
  expect(await cloud.as('buyer2').refused('flashsale/buy', { saleId: cloud.saleId })).toBe('SOLD_OUT')
  await cloud.clock.advance(15 * MINUTE_MS)
  await cloud.as('buyer1').ok('order/cancel', { orderId })
  await cloud.wechat.control.payments.pay({ outTradeNo: orderId }, { evenIfClosed: true })
  await cloud.clock.advance(1)
  expect(await cloud.collection('orders').get(orderId)).toMatchObject({
    status: 'closed',
    refundedFen: PRICE_FEN,
  })
  await cloud.as('buyer2').ok('flashsale/buy', { saleId: cloud.saleId })
  await expectSound(cloud)
})
