import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop, PRICE_FEN, type ShopFloor, UNITS } from './shop-floor.ts'

const DAY_MS = 24 * 3_600_000
const TEMPLATE = 'local-template-order-paid'

/** One purchase from login to refund; each step stands on the one before. */
describe('a purchase', () => {
  let shop: ShopFloor
  let orderId = ''
  const buyer = () => shop.cloud.as('buyer1')
  const manager = () => shop.cloud.as('manager1')
  const orderEvents = async (type: string) => {
    const events = await shop.cloud.collection('outbox').all()
    return events.filter((event) => event.type === type && JSON.stringify(event.payload).includes(orderId))
  }
  const inbox = async () => {
    const { items } = await buyer().ok<{ items: { code: string; page: string }[] }>('notification/inbox')
    return items.filter(({ page }) => page.includes(orderId)).map(({ code }) => code)
  }

  beforeAll(async () => {
    shop = await openShop()
    const fields = { character_string1: 'orderId', thing2: 'title', amount3: 'amount', time4: 'time' }
    const template = { code: 'order.paid', wechatTemplateId: TEMPLATE, fields }
    await shop.cloud.as('admin').ok('notification/saveTemplate', template)
  })
  afterAll(() => shop.cloud.stop())

  it('begins with a login, which makes the user once', async () => {
    const again = await buyer().ok<{ isNew: boolean }>('user/login')
    expect(again.isNew).toBe(false)
    expect(
      (await shop.cloud.collection('users').all()).filter(({ _id }) => _id === shop.cloud.openid('buyer1')),
    ).toHaveLength(1)
  })

  it('finds the product in the list and looks at it', async () => {
    const { items } = await buyer().ok<{ items: { productId: string }[] }>('catalog/list')
    expect(items.map(({ productId }) => productId)).toEqual([shop.productId])
    const detail = await buyer().ok('catalog/detail', { productId: shop.productId })
    expect(detail).toMatchObject({ title: '明前龙井', skus: [{ skuId: shop.skuId, priceFen: PRICE_FEN }] })
  })

  it('puts two into the cart and orders what is in it', async () => {
    await buyer().ok('order/cartAdd', { skuId: shop.skuId, quantity: 2 })
    const placed = await buyer().ok<{ orderId: string; payableFen: number }>('order/create', {
      fromCart: true,
      addressId: shop.addressOf.get('buyer1'),
    })
    orderId = placed.orderId
    expect(placed.payableFen).toBe(2 * PRICE_FEN)
    expect(await buyer().ok('order/cart')).toMatchObject({ items: [] })
    expect(await shop.stock()).toEqual({ onHand: UNITS, reserved: 2, sold: 0 })
  })

  it('pays: order, stock, ledger, outbox, inbox and subscribe message all agree', async () => {
    await buyer().ok('notification/reportSubscription', { templateCodes: ['order.paid'] })
    shop.cloud.emulator.wechat.subscriptions.grant(shop.cloud.openid('buyer1'), TEMPLATE)
    const { attempts } = await shop.cloud.emulator.payments.pay(await shop.prepare('buyer1', orderId))

    expect(attempts).toMatchObject([{ outcome: 'accepted' }])
    expect(await shop.status('buyer1', orderId)).toBe('paid')
    expect(await shop.stock()).toEqual({ onHand: UNITS - 2, reserved: 0, sold: 2 })
    expect(await orderEvents('order.paid')).toMatchObject([{ status: 'done' }])
    expect(await inbox()).toEqual(['order.paid'])
    const sent = shop.cloud.emulator.wechat.subscriptions.sent()
    expect(sent).toMatchObject([{ openid: shop.cloud.openid('buyer1'), templateId: TEMPLATE }])
    expect(await manager().ok('payment/detail', { orderId })).toMatchObject({
      payment: { paidFen: 2 * PRICE_FEN, state: 'paid' },
    })
  })

  it('is shipped by an operator, not by the buyer', async () => {
    const shipment = { orderId, carrier: '顺丰速运', trackingNo: 'SF1234567890' }
    expect(await buyer().refused('order/ship', shipment)).toBe('FORBIDDEN')
    await shop.cloud.emulator.clock.advance(1_000)
    await manager().ok('order/ship', shipment)
    expect(await shop.status('buyer1', orderId)).toBe('shipped')
    expect(await inbox()).toEqual(['order.shipped', 'order.paid'])
  })

  it('confirms itself ten days later', async () => {
    await shop.cloud.emulator.clock.leap(10 * DAY_MS - 60_000)
    expect(await shop.status('buyer1', orderId)).toBe('shipped')
    await shop.cloud.emulator.clock.advance(10 * 60_000)
    expect(await shop.status('buyer1', orderId)).toBe('completed')
    expect(await orderEvents('order.completed')).toMatchObject([{ status: 'done' }])
  })

  it('is sent back and refunded, to the fen and the unit', async () => {
    await buyer().ok('order/applyAfterSale', { orderId, returnGoods: true, reason: '拍错了' })
    await manager().ok('order/approveAfterSale', { orderId })
    await shop.cloud.emulator.clock.advance(60_000)

    expect(await shop.status('buyer1', orderId)).toBe('refunded')
    expect(await buyer().ok('order/detail', { orderId })).toMatchObject({ refundedFen: 2 * PRICE_FEN })
    expect(await manager().ok('payment/detail', { orderId })).toMatchObject({
      payment: { refundedFen: 2 * PRICE_FEN, refundingFen: 0 },
    })
    expect(shop.cloud.emulator.payments.get({ outTradeNo: orderId })).toMatchObject({ refundableFen: 0 })
    expect(await shop.stock()).toEqual({ onHand: UNITS, reserved: 0, sold: 0 })
    expect(await orderEvents('refund.succeeded')).toMatchObject([{ status: 'done' }])
    expect((await inbox())[0]).toBe('refund.succeeded')
  })
})
