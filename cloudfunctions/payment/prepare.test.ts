import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { openShop, type Shop } from '../order/shop.fixture.ts'

const MINUTE_MS = 60_000

let cloud: UnitCloud
let shop: Shop
let orderId: string

beforeEach(async () => {
  cloud = await unitCloud()
  shop = await openShop(cloud)
  orderId = await shop.order('buyer1')
})

const payments = () => cloud.wechat.control.payments
const prepare = () => cloud.as('buyer1').ok('payment/prepare', { orderId })
const order = () => cloud.collection('orders').get(orderId)
const payableFen = () => shop.shirtFen + 2 * shop.mugFen

describe('payment/prepare', () => {
  it('gives what wx.requestPayment takes, for the price of the order', async () => {
    expect(await prepare()).toMatchObject({
      orderId,
      payableFen: payableFen(),
      payment: {
        package: expect.stringMatching(/^prepay_id=/),
        signType: 'MD5',
        paySign: expect.any(String),
      },
    })
    expect(payments().get({ outTradeNo: orderId })).toMatchObject({
      totalFeeFen: payableFen(),
      openid: cloud.openid('buyer1'),
      functionName: 'payment',
    })
  })

  it('may be asked again for the same payment', async () => {
    await prepare()
    await cloud.clock.advance(29 * MINUTE_MS)
    await prepare()
    expect(payments().list()).toHaveLength(1)
    expect(await cloud.collection('payments').all()).toHaveLength(1)
  })

  it("refuses a stranger's order, and an amount from the client", async () => {
    expect(await cloud.as('buyer2').refused('payment/prepare', { orderId })).toBe('NOT_FOUND')
    expect(await cloud.as('buyer1').refused('payment/prepare', { orderId, totalFee: 1 })).toBe(
      'INVALID_INPUT',
    )
    expect(payments().list()).toEqual([])
  })

  it('refuses a closed order, and one whose time is over though nobody closed it yet', async () => {
    await cloud.clock.advance(30 * MINUTE_MS)
    expect(await cloud.as('buyer1').refused('payment/prepare', { orderId })).toBe('ORDER_STATE')
    await cloud.as('buyer1').ok('order/cancel', { orderId })
    expect(await cloud.as('buyer1').refused('payment/prepare', { orderId })).toBe('ORDER_STATE')
  })

  it('wants an address, and keeps the one that comes with it', async () => {
    const stored = await order()
    await cloud.collection('orders').remove(orderId)
    await cloud.collection('orders').insert({ ...stored, _id: orderId, address: null })
    expect(await cloud.as('buyer1').refused('payment/prepare', { orderId })).toBe('ADDRESS_REQUIRED')
    const stranger = await shop.addressOf('buyer2')
    expect(await cloud.as('buyer1').refused('payment/prepare', { orderId, addressId: stranger })).toBe(
      'NOT_FOUND',
    )
    await cloud.as('buyer1').ok('payment/prepare', { orderId, addressId: await shop.addressOf('buyer1') })
    expect(await order()).toMatchObject({ address: { city: '深圳市' } })
  })

  it('refuses what is paid already, and settles a payment whose callback was lost', async () => {
    await prepare()
    await payments().pay({ outTradeNo: orderId }, { callback: 'never' })
    expect(await order()).toMatchObject({ status: 'unpaid' })
    expect(await cloud.as('buyer1').refused('payment/prepare', { orderId })).toBe('ORDER_ALREADY_PAID')
    expect(await order()).toMatchObject({ status: 'paid' })
    expect(await cloud.as('buyer1').refused('payment/prepare', { orderId })).toBe('ORDER_ALREADY_PAID')
  })

  it('says when WeChat refuses, and leaves the order as it was', async () => {
    cloud.override('cloudPay.unifiedOrder', () => ({
      returnCode: 'SUCCESS',
      resultCode: 'FAIL',
      errCodeDes: '商户无权限',
    }))
    const reply = await cloud.as('buyer1').call('payment/prepare', { orderId })
    expect(reply).toMatchObject({ error: 'PAYMENT_REFUSED', details: { why: '商户无权限' } })
    expect(await order()).toMatchObject({ status: 'unpaid' })
  })

  it('refuses when it turns out that another amount was paid', async () => {
    cloud.override('cloudPay.unifiedOrder', () => ({ returnCode: 'SUCCESS', resultCode: 'FAIL' }))
    cloud.override('cloudPay.queryOrder', () => ({
      ...{ returnCode: 'SUCCESS', resultCode: 'SUCCESS', tradeState: 'SUCCESS', outTradeNo: orderId },
      ...{ totalFee: 1, transactionId: '42', timeEnd: '20260105101500' },
    }))
    expect(await cloud.as('buyer1').refused('payment/prepare', { orderId })).toBe('PAYMENT_STATE')
    expect(await order()).toMatchObject({ status: 'unpaid' })
  })

  it.each([
    ['paid', 'ORDER_ALREADY_PAID'],
    ['closed', 'PAYMENT_STATE'],
    ['mismatch', 'PAYMENT_STATE'],
  ])('asks for no more money once the payment is %s', async (state, refusal) => {
    await prepare()
    await cloud.collection('payments').set(orderId, { state })
    expect(await cloud.as('buyer1').refused('payment/prepare', { orderId })).toBe(refusal)
  })

  it('refuses a banned buyer', async () => {
    await cloud.as('buyer1').ok('user/login')
    await cloud.as('admin').ok('user/ban', { userId: cloud.openid('buyer1'), reason: 'test' })
    cloud.restartFunctions()
    expect(await cloud.as('buyer1').refused('payment/prepare', { orderId })).toBe('USER_BANNED')
  })
})
