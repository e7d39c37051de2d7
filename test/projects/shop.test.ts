import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyProject, type Stranger, startStranger } from './stranger.ts'

/** A shop on tcb-router: wx-server-sdk 2.6 for the whole project, 4 for one function, transactions, pay, axios. */
describe('the shop on tcb-router', () => {
  let stranger: Stranger
  const logistics = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ url: request.url, steps: ['已揽收'] }))
  })
  const call = async ($url: string, event: object = {}, user = 'buyer1') =>
    (await stranger.call('shop', { $url, ...event }, user)).result
  const stock = async () => (await call('goods/list')).data.map((goods: Goods) => [goods._id, goods.stock])
  const pay = async (no: string, options: object = {}) => {
    const { code } = await call('order/pay', { no })
    expect(code).toBe(0)
    await fetch(`${stranger.emulator.url}/control/payments/pay`, {
      method: 'POST',
      body: JSON.stringify({ outTradeNo: no, ...options }),
    })
  }
  const statusOf = async (no: string) =>
    (await call('order/list')).data.find((order: { _id: string }) => order._id === no)?.status

  beforeAll(async () => {
    await new Promise<void>((resolve) => logistics.listen(0, '127.0.0.1', resolve))
    const LOGISTICS_URL = `http://127.0.0.1:${(logistics.address() as AddressInfo).port}`
    stranger = await startStranger(copyProject('shop'), {
      createCollections: true,
      clock: 'manual',
      clockStartMs: Date.UTC(2021, 5, 18, 2),
      variables: { LOGISTICS_URL },
    })
  })
  afterAll(async () => {
    await stranger[Symbol.asyncDispose]()
    logistics.close()
  })

  it('has goods, filtered by a raw $regex, a price range and categories', async () => {
    const list = [
      { sku: 'tea', title: '红茶 Tea', price: 100, stock: 5, category: 'drink' },
      { sku: 'cup', title: 'Cup', price: 250, stock: 3, category: 'ware' },
      { sku: 'gone', title: 'Gone tea', price: 1, stock: 0, category: 'drink' },
    ]
    expect(await call('goods/seed', { list })).toEqual({ code: 0, data: 3 })
    expect(await call('goods/list')).toEqual({
      code: 0,
      total: 2,
      data: [
        { _id: 'tea', title: '红茶 Tea', price: 100, stock: 5 },
        { _id: 'cup', title: 'Cup', price: 250, stock: 3 },
      ],
    })
    expect((await call('goods/search', { keyword: 'TEA' })).total).toBe(1)
    expect((await call('goods/list', { minPrice: 200, category: ['ware', 'drink'] })).total).toBe(1)
  })

  it('keeps a cart, whose lines are joined with prices', async () => {
    await call('cart/add', { sku: 'tea' })
    await call('cart/add', { sku: 'cup', count: 2 })
    expect(await call('cart/add', { sku: 'tea', count: 2 })).toEqual({
      code: 0,
      data: [
        { sku: 'tea', count: 3 },
        { sku: 'cup', count: 2 },
      ],
    })
    expect(await call('cart/detail')).toEqual({
      code: 0,
      data: [
        { title: 'Cup', price: 250, sku: 'cup', count: 2, amount: 500 },
        { title: '红茶 Tea', price: 100, sku: 'tea', count: 3, amount: 300 },
      ],
      total: 800,
    })
    expect(await call('cart/detail', {}, 'buyer2')).toEqual({ code: 0, data: [], total: 0 })
  })

  it('takes stock for an order as a whole or not at all', async () => {
    const items = [
      { sku: 'tea', count: 2 },
      { sku: 'cup', count: 9 },
    ]
    expect(await call('order/create', { items })).toEqual({ code: 1001, msg: 'Cup 库存不足' })
    expect(await stock()).toEqual([
      ['tea', 5],
      ['cup', 3],
    ])
    const { data } = await call('order/create', { items: [items[0], { sku: 'cup', count: 1 }] })
    expect(data.total).toBe(450)
    expect(await stock()).toEqual([
      ['tea', 3],
      ['cup', 2],
    ])
    expect((await call('cart/detail')).data).toEqual([])
  })

  it('never sells more than there is, to eight buyers at once', async () => {
    const order = (user: string) => call('order/create', { items: [{ sku: 'cup', count: 1 }] }, user)
    const users = Array.from({ length: 8 }, (_, index) => `crowd${index}`)
    const codes = (await Promise.all(users.map(order))).map(({ code }) => code)
    let sold = codes.filter((code) => code === 0).length
    expect(sold).toBeGreaterThan(0)
    // Who met a conflict comes again, until there is nothing left.
    for (let code = 0; code !== 1001; sold += code === 0 ? 1 : 0) ({ code } = await order('late'))
    expect(sold).toBe(2)
  })

  it('is paid: the callback function settles the order, once', async () => {
    const { data } = await call('order/create', { items: [{ sku: 'tea', count: 1 }] })
    await pay(data.no, { callback: 'twice' })
    await expect.poll(() => statusOf(data.no)).toBe('paid')
    expect(await call('order/pay', { no: data.no }, 'buyer2')).toEqual({ code: 403, msg: '不是你的订单' })
    expect(stranger.logged('info').filter((line) => line.startsWith(`paid ${data.no} 1`))).toHaveLength(1)
  })

  it('is not settled by a callback with another amount', async () => {
    const { data } = await call('order/create', { items: [{ sku: 'tea', count: 1 }] })
    await pay(data.no, { callback: 'wrong-amount', callbackTotalFeeFen: 1 })
    await expect.poll(() => stranger.logged('info').some((line) => line === `paid ${data.no} 0`)).toBe(true)
    expect(await statusOf(data.no)).toBe('unpaid')
  })

  it('pays back', async () => {
    const [paid] = (await call('order/list', { status: 'paid' })).data
    const [unpaid] = (await call('order/list', { status: ['unpaid'] })).data
    expect(await call('order/refund', { no: unpaid._id })).toMatchObject({ code: 1002 })
    expect(await call('order/refund', { no: paid._id })).toEqual({ code: 0 })
    await stranger.emulator.clock.advance(60_000)
    await expect.poll(() => statusOf(paid._id)).toBe('refunded')
  })

  it('asks a third party with axios', async () => {
    expect(await call('order/logistics', { no: '7' })).toEqual({
      code: 0,
      data: { url: '/query?no=7', steps: ['已揽收'] },
    })
  })

  it('closes by timer what nobody paid, and gives the stock back', async () => {
    expect(await call('goods/list', { category: 'ware' })).toMatchObject({ total: 0 })
    await stranger.emulator.clock.advance(45 * 60_000)
    await expect.poll(async () => (await call('order/list', { status: 'unpaid' })).data).toEqual([])
    await expect
      .poll(async () => (await call('goods/list', { category: 'ware' })).data)
      .toMatchObject([{ _id: 'cup', stock: 3 }])
  })

  it('says that a route is not there', async () => {
    expect(await call('no/such')).toEqual({ code: 404, msg: 'no route no/such' })
  })
})

interface Goods {
  _id: string
  stock: number
}
