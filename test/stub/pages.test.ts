import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop, PRICE_FEN, type ShopFloor, UNITS } from '../journeys/shop-floor.ts'
import { createPhone, type OpenPage, type Phone } from './phone.ts'

const HOUR_MS = 3_600_000
const TEMPLATE = 'local-template-order-paid'

/** The real pages against the built functions on a local cloud, as a tap after another; each step stands on the one before. */
describe('a customer with the mini program', () => {
  let shop: ShopFloor
  let phone: Phone
  let addressId = ''
  let orderId = ''
  const manager = () => shop.cloud.as('manager1')

  beforeAll(async () => {
    shop = await openShop()
    const fields = { character_string1: 'orderId', thing2: 'title', amount3: 'amount', time4: 'time' }
    const template = { code: 'order.paid', wechatTemplateId: TEMPLATE, fields }
    await shop.cloud.as('admin').ok('notification/saveTemplate', template)
    phone = createPhone({ kind: 'local', url: shop.cloud.emulator.url, user: 'customer1' })
    await phone.startApp()
  })
  afterAll(() => shop.cloud.stop())

  const lastOrderId = () => /orderId=(\w+)$/.exec(phone.visited.at(-1) ?? '')?.[1] ?? ''
  const lastToast = () => phone.toasts.at(-1)
  const openOrder = async (id: string) => phone.open('order-detail', { orderId: id })
  const statusOf = (page: OpenPage) => (page.data.order as { status: string }).status // what viewOf makes

  it('sees at home what the shop sells', async () => {
    const home = await phone.open('home')
    expect(home.data).toMatchObject({
      phase: 'ready',
      products: [
        {
          productId: shop.productId,
          title: '明前龙井',
          price: '¥19.99',
          picture: `${shop.cloud.emulator.url}/storage/6c6f-local-1250000000/tea.png`,
        },
      ],
      nextCursor: null,
    })
    await home.tap('openProduct', { productId: shop.productId })
    expect(phone.visited.at(-1)).toBe(`/pages/product/product?productId=${shop.productId}`)
  })

  it('logs in and adds an address; one that is wrong is refused in words', async () => {
    const profile = await phone.open('profile')
    expect(profile.data).toMatchObject({ phase: 'ready', addresses: [], messages: [], unreadCount: 0 })
    await profile.tell('setRegion', { value: ['浙江省', '杭州市', '西湖区'] })
    await profile.tell('addAddress', { value: { name: '小满', phone: '1', street: '文三路 1 号' } })
    expect(lastToast()).toBe('提交的内容有误')
    expect(profile.data.addresses).toEqual([])

    await profile.tell('addAddress', { value: { name: '小满', phone: '13800000000', street: '文三路 1 号' } })
    expect(profile.data).toMatchObject({ isAdding: false, addresses: [{ name: '小满', isDefault: true }] })
    addressId = (profile.data.addresses as { _id: string }[])[0]?._id ?? '' // checked above
  })

  it('puts two into the cart, changes the quantity, and checks out', async () => {
    const product = await phone.open('product', { productId: shop.productId })
    expect(product.data).toMatchObject({ chosen: { skuId: shop.skuId, available: UNITS }, quantity: 1 })
    await product.tap('changeQuantity', { by: 1 })
    await product.tap('addToCart')
    expect(lastToast()).toBe('已加入购物车')

    const cart = await phone.open('cart')
    expect(cart.data).toMatchObject({
      items: [{ quantity: 2, selected: true }],
      total: '¥39.98',
      selectedCount: 2,
    })
    await cart.tap('toggle', { skuId: shop.skuId, selected: true })
    expect(cart.data).toMatchObject({ total: '¥0.00', selectedCount: 0, isAllSelected: false })
    await cart.tap('toggleAll')
    await cart.tap('changeQuantity', { skuId: shop.skuId, quantity: 3 })
    expect(cart.data.total).toBe('¥59.97')

    await cart.tap('checkout')
    expect(lastToast()).toBe('请先选择收货地址')
    await cart.tell('setAddress', { addressId })
    await cart.tap('checkout')
    orderId = lastOrderId()
    expect((await phone.open('cart')).data.items).toEqual([])
  })

  it('pays, allows messages, and finds the news in the inbox', async () => {
    const order = await openOrder(orderId)
    expect(order.data).toMatchObject({ order: { status: 'unpaid', payable: '¥59.97', canPay: true } })
    await order.tap('pay')
    expect(order.data).toMatchObject({
      order: { status: 'paid', canPay: false, canApplyAfterSale: true },
      busy: false,
    })
    const quotas = await shop.cloud.collection('message_quotas').all()
    expect(quotas).toHaveLength(1)

    const profile = await phone.open('profile')
    expect(profile.data).toMatchObject({ unreadCount: 1, messages: [{ title: '支付成功', isRead: false }] })
    expect(phone.badges.get(3)).toBe('1')
    const [message] = profile.data.messages as { messageId: string }[] // checked above
    await profile.tap('openMessage', { messageId: message?.messageId })
    expect(lastOrderId()).toBe(orderId)
    expect(phone.badges.has(3)).toBe(false)
  })

  it('follows the order by status, receives it, and asks for the money back', async () => {
    await manager().ok('order/ship', { orderId, carrier: '顺丰', trackingNo: 'SF1001' })
    const list = await phone.open('order-list')
    await list.tap('chooseTab', { tab: 'unpaid' })
    expect(list.data).toMatchObject({ phase: 'ready', orders: [] })
    await list.tap('chooseTab', { tab: 'shipped' })
    expect(list.data).toMatchObject({ orders: [{ orderId, statusWords: '待收货' }] })

    const order = await openOrder(orderId)
    phone.modal = { confirm: false }
    await order.tap('confirm')
    expect(statusOf(order)).toBe('shipped')
    phone.modal = { confirm: true }
    await order.tap('confirm')
    expect(statusOf(order)).toBe('completed')

    phone.modal = { confirm: true, content: '不合口味' }
    await order.tap('applyAfterSale')
    expect(order.data).toMatchObject({
      order: {
        afterSale: { words: '售后申请中', refund: '¥59.97' },
        canApplyAfterSale: false,
        canCancelAfterSale: true,
      },
    })
    await order.tap('cancelAfterSale')
    expect(order.data).toMatchObject({
      order: { afterSale: { words: '售后已撤销' }, canApplyAfterSale: true },
    })
  })

  it('buys at once, then cancels', async () => {
    const product = await phone.open('product', { productId: shop.productId })
    await product.tell('setAddress', { addressId })
    await product.tap('buyNow')
    const order = await openOrder(lastOrderId())
    await order.tap('cancel')
    expect(statusOf(order)).toBe('closed')
    expect(order.data).toMatchObject({ order: { timeline: [{ words: '订单关闭' }, { words: '提交订单' }] } })
  })

  it("wins a flash sale at the server's time, gives the address while paying, and finds it sold out after", async () => {
    const opensAtMs = (await shop.cloud.emulator.clock.nowMs()) + HOUR_MS
    const sale = { title: '开春第一壶', skuId: shop.skuId, priceFen: 990, units: 1, perUser: 1 }
    const { saleId } = await manager().ok<{ saleId: string }>('flashsale/create', {
      ...sale,
      opensAtMs,
      closesAtMs: opensAtMs + HOUR_MS,
    })
    await manager().ok('flashsale/publish', { saleId })

    const early = await phone.open('flash-sale', { saleId })
    expect(early.data).toMatchObject({
      phase: 'ready',
      salePhase: 'coming',
      countdown: '01:00:00',
      price: '¥9.90',
    })
    await early.tap('buy')
    expect(lastToast()).toBe('活动尚未开始')
    await early.run('onUnload')

    await shop.cloud.emulator.clock.advance(HOUR_MS)
    const page = await phone.open('flash-sale', { saleId })
    expect(page.data).toMatchObject({ salePhase: 'running', remaining: 1, isSoldOut: false })
    await page.tap('buy')
    const order = await openOrder(lastOrderId())
    await order.tap('pay')
    expect(lastToast()).toBe('请先选择收货地址')
    await order.tell('setAddress', { addressId })
    await order.tap('pay')
    expect(statusOf(order)).toBe('paid')

    const other = createPhone({ kind: 'local', url: shop.cloud.emulator.url, user: 'customer2' })
    await other.startApp()
    const late = await other.open('flash-sale', { saleId })
    await late.tap('buy')
    expect(late.data).toMatchObject({ isSoldOut: true, remaining: 0 })
    expect(other.toasts.at(-1)).toBe('已售罄')
    await late.run('onUnload')
    await page.run('onUnload')
    await phone.startApp()
  })

  it('is told when there is no network, keeps what it shows, and orders once although the answer was lost', async () => {
    const product = await phone.open('product', { productId: shop.productId })
    await product.tell('setAddress', { addressId })
    phone.isOffline = true
    const [home] = await Promise.all([phone.open('home'), product.run('refresh')])
    expect(product.data.phase).toBe('ready')
    expect(lastToast()).toBe('没有收到答复，请检查网络后再试')
    expect(home.data).toMatchObject({ phase: 'failed', failure: '没有收到答复，请检查网络后再试' })

    phone.isOffline = false
    await home.run('refresh')
    expect(home.data).toMatchObject({ phase: 'ready', failure: '' })

    const before = (await shop.cloud.collection('orders').all()).length
    phone.losesAnswers = true
    await product.tap('buyNow')
    expect(lastToast()).toBe('没有收到答复，请检查网络后再试')
    phone.losesAnswers = false
    await phone.startApp()
    const again = await phone.open('product', { productId: shop.productId })
    await again.tell('setAddress', { addressId })
    await again.tap('buyNow')
    expect((await shop.cloud.collection('orders').all()).length).toBe(before + 1)
    expect((await shop.cloud.collection('orders').get(lastOrderId()))?.payableFen).toBe(PRICE_FEN)
  })
})
