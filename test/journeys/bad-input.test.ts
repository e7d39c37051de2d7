import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator } from '../../emulator/index.ts'
import { openShop, PRICE_FEN, type ShopFloor } from './shop-floor.ts'

/** Whatever a client sends: a coded refusal, and nothing has changed. */
describe('the shop, offered nonsense', () => {
  let shop: ShopFloor
  let before: string

  const everything = async () => {
    const names = [
      'orders',
      'stocks',
      'stock_movements',
      'carts',
      'payments',
      'refunds',
      'users',
      'grants',
      'outbox',
    ]
    return JSON.stringify(await Promise.all(names.map((name) => shop.cloud.collection(name).all())))
  }
  const buyer = () => shop.cloud.as('buyer1')
  const items = (quantity: unknown) => [{ skuId: shop.skuId, quantity }]
  const order = (input: object) => ({ addressId: shop.addressOf.get('buyer1'), ...input })

  beforeAll(async () => {
    shop = await openShop()
    before = await everything()
  })
  afterAll(() => shop.cloud.stop())

  it.each([['nowhere'], ['__proto__'], ['toString'], [{}], [null], [1]])(
    'refuses the route %o',
    async ($url) => {
      expect(await buyer().send('order', { $url, data: {} })).toMatchObject({
        code: 1002,
        error: 'ROUTE_NOT_FOUND',
      })
    },
  )

  it.each([['"text"'], ['[]'], ['7'], ['null'], ['{']])('refuses the body %s at the door', async (body) => {
    const response = await fetch(`${shop.cloud.emulator.url}/client/functions/order`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-emulator-user': 'buyer1' },
      body,
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errCode: expect.any(Number), errMsg: expect.any(String) })
  })

  it.each([['2'], [-1], [0], [1.5], [null], [1e9], [{ $inc: 5 }], [Number.MAX_SAFE_INTEGER + 1]])(
    'refuses the quantity %o',
    async (quantity) => {
      expect(await buyer().refused('order/create', order({ items: items(quantity) }))).toBe('INVALID_INPUT')
    },
  )

  it('refuses 10,000 items', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({ skuId: `sku_${i}`, quantity: 1 }))
    expect(await buyer().refused('order/create', order({ items: many }))).toBe('INVALID_INPUT')
  })

  it.each([
    ['priceFen', 1],
    ['payableFen', 1],
    ['userId', 'oSomebody'],
    ['status', 'paid'],
  ])('refuses %s from the client', async (key, value) => {
    const input = order({ items: items(1), [key]: value })
    expect(await buyer().refused('order/create', input)).toBe('INVALID_INPUT')
    const inItem = order({ items: [{ skuId: shop.skuId, quantity: 1, [key]: value }] })
    expect(await buyer().refused('order/create', inItem)).toBe('INVALID_INPUT')
  })

  it('refuses an operator that is no text where an id belongs', async () => {
    for (const orderId of [{ $ne: null }, ['a'], { $gt: '' }, 7]) {
      expect(await buyer().refused('order/detail', { orderId })).toBe('INVALID_INPUT')
    }
  })

  it.each([
    ['userInfo', { userInfo: { openId: 'oManager' } }],
    ['a timer', { Type: 'Timer', TriggerName: 'everyMinute' }],
    ['openid', { openid: 'oManager', OPENID: 'oManager', onBehalfOf: 'oManager' }],
  ])('does not let a client be somebody else by sending %s', async (_, forged) => {
    const ship = { orderId: 'ord_1', carrier: '顺丰', trackingNo: 'SF123456' }
    expect(await buyer().send('order', { $url: 'ship', data: ship, ...forged })).toMatchObject({
      error: 'FORBIDDEN',
    })
    const profile = { $url: 'profile', data: {}, ...forged }
    expect(await buyer().send('user', profile)).toMatchObject({
      data: { userId: shop.cloud.openid('buyer1') },
    })
    expect(await buyer().send('scheduler', { ...forged })).toMatchObject({ error: 'ROUTE_NOT_FOUND' })
  })

  it('has changed nothing by any of this', async () => {
    expect(await everything()).toBe(before)
  })

  it('does not show or move the order of somebody else', async () => {
    const orderId = await shop.order('buyer2', 1)
    const stranger = buyer()
    for (const route of [
      'order/detail',
      'order/cancel',
      'order/confirm',
      'payment/prepare',
      'payment/query',
    ]) {
      expect(await stranger.refused(route, { orderId })).toBe('NOT_FOUND')
    }
    expect(await shop.status('buyer2', orderId)).toBe('unpaid')
    expect(await shop.cloud.collection('orders').get(orderId)).toMatchObject({ payableFen: PRICE_FEN })
  })
})

/** Functions that misbehave in every way: the platform's error, and the next call works. */
describe('a function that misbehaves', () => {
  const dir = mkdtempSync(join(tmpdir(), 'misbehave-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  const bodies: Record<string, string> = {
    throws: "throw new Error('broken')",
    loops: 'for (;;) {}',
    exits: 'process.exit(1)',
    bigint: 'return { amount: 1n }',
    huge: "return 'x'.repeat(2 * 1024 * 1024)",
  }
  const codes: Record<string, number> = {
    throws: -504002,
    loops: -504003,
    exits: -504002,
    bigint: -504002,
    huge: -604001,
  }

  it.each(Object.keys(bodies))('%s', async (name) => {
    const project = join(dir, name)
    mkdirSync(join(project, 'cloudfunctions/odd'), { recursive: true })
    const code = `exports.main = async (event) => { if (event.behave) return 'fine'; ${bodies[name]} }`
    writeFileSync(join(project, 'cloudfunctions/odd/index.js'), code)
    const emulator = await startEmulator({ project })
    try {
      const call = async (event: object) => {
        const response = await fetch(`${emulator.url}/client/functions/odd`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-emulator-user': 'buyer1' },
          body: JSON.stringify(event),
        })
        return response.json()
      }
      expect(await call({})).toMatchObject({
        errCode: codes[name],
        errMsg: expect.stringContaining('cloud.callFunction:fail'),
      })
      expect(await call({ behave: true })).toMatchObject({ result: 'fine' })
    } finally {
      await emulator.stop()
    }
  })
})
