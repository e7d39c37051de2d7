import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { LOCAL_APPID } from '../../../core/identity.ts'
import { BUYER, order, type Simulator, START_MS, simulator } from '../../simulator.fixture.ts'
import { OWN_MCH_ID } from './api.ts'

const apples = { description: '一箱苹果', out_trade_no: 'v3-order', amount: { total: 100 } }
const back = {
  out_trade_no: 'v3-order',
  out_refund_no: 'v3-back',
  reason: '坏了',
  amount: { refund: 40, total: 100, currency: 'CNY' },
}

function v3(options: Parameters<typeof simulator>[0] = {}) {
  const sim = simulator(options)
  sim.answer({ code: 'SUCCESS' })
  return { ...sim, ask: asker(sim) }
}

/** As `cloud.callFunction({ name: 'cloudbase_module', data: { name, data } })` asks. */
function asker({ wechat }: Simulator) {
  return async (name: string, data: unknown, openid: string | undefined = BUYER) => {
    const module = wechat.builtInFunctions.get('cloudbase_module')
    // What leaves a function is JSON.
    return JSON.parse(JSON.stringify(await module?.({ name, data }, { openid })))
  }
}

describe('a v3 order', () => {
  it('gives the page what it pays with, and knows what became of it', async () => {
    const { ask, wechat } = v3()
    const placed = await ask('wxpay_order', { ...apples, attach: 'note' })
    expect(placed).toMatchObject({
      code: 0,
      data: { signType: 'RSA', timeStamp: `${START_MS / 1000}`, package: placed.data.packageVal },
    })
    expect(await ask('wxpay_query_order_by_out_trade_no', apples)).toMatchObject({
      code: 0,
      data: { trade_state: 'NOTPAY', amount: { total: 100, currency: 'CNY' } },
    })
    await wechat.control.payments.pay({ prepayId: placed.data.prepay_id })
    const { data } = await ask('wxpay_query_order_by_out_trade_no', apples)
    expect(data).toMatchObject({
      appid: LOCAL_APPID,
      mchid: OWN_MCH_ID,
      out_trade_no: 'v3-order',
      trade_state: 'SUCCESS',
      attach: 'note',
      success_time: '2026-03-01T10:00:00+08:00',
      payer: { openid: BUYER },
      amount: { total: 100, payer_total: 100 },
    })
    const same = await ask('wxpay_query_order_by_transaction_id', { transaction_id: data.transaction_id })
    expect(same.data).toEqual(data)
  })

  it('shares its numbers with cloudPay orders of the same merchant', async () => {
    const { ask, pay } = v3()
    await ask('wxpay_order', apples)
    const asked = { subMchId: OWN_MCH_ID, outTradeNo: 'v3-order' }
    expect(await pay('queryOrder', asked)).toMatchObject({ trade_state: 'NOTPAY' })
    const other = order('v3-order', { subMchId: OWN_MCH_ID })
    expect(await pay('unifiedOrder', other)).toMatchObject({ result_code: 'FAIL' })
  })

  it.each([
    ['PARAM_ERROR', 'wxpay_order', { ...apples, amount: { total: 0 } }],
    ['PARAM_ERROR', 'wxpay_order', { ...apples, amount: undefined }],
    ['PARAM_ERROR', 'wxpay_order', { ...apples, out_trade_no: 'short' }],
    ['PARAM_ERROR', 'wxpay_order', { ...apples, amount: { total: 1, currency: 'USD' } }],
    ['PARAM_ERROR', 'wxpay_order', { ...apples, time_expire: '2026-03-01T10:00:30+08:00' }],
    ['OUT_TRADE_NO_USED', 'wxpay_order', { ...apples, amount: { total: 101 } }],
    ['ORDER_NOT_EXIST', 'wxpay_query_order_by_out_trade_no', { out_trade_no: 'nobody' }],
    ['ORDER_NOT_EXIST', 'wxpay_query_order_by_transaction_id', { transaction_id: '42' }],
    ['ORDER_NOT_EXIST', 'wxpay_close_order', { out_trade_no: 'nobody' }],
    ['INVALID_REQUEST', 'wxpay_refund', back],
    ['PARAM_ERROR', 'wxpay_refund', { ...back, out_trade_no: undefined }],
    ['RESOURCE_NOT_EXISTS', 'wxpay_refund', { ...back, out_trade_no: 'nobody' }],
    ['RESOURCE_NOT_EXISTS', 'wxpay_refund_query', back],
    ['RESOURCE_NOT_EXISTS', 'wxpay_dance', {}],
  ])('is refused with %s by %s: %j', async (code, name, data) => {
    const { ask } = v3()
    await ask('wxpay_order', apples)
    expect(await ask(name, data)).toMatchObject({ code: -1, data: { code } })
  })

  it('cannot be placed again once it was closed or paid', async () => {
    const { ask, wechat } = v3()
    await ask('wxpay_order', apples)
    expect(await ask('wxpay_close_order', apples)).toEqual({ code: 0, msg: 'success', data: null })
    expect(await ask('wxpay_order', apples)).toMatchObject({ data: { code: 'ORDER_CLOSED' } })
    await ask('wxpay_order', { ...apples, out_trade_no: 'second' })
    await wechat.control.payments.pay({ outTradeNo: 'second' })
    const again = await ask('wxpay_order', { ...apples, out_trade_no: 'second' })
    expect(again).toMatchObject({ data: { code: 'INVALID_REQUEST' } })
  })
})

describe('a v3 notice', () => {
  it('gives its plain text to the function of the template, until it answers SUCCESS', async () => {
    const { ask, wechat, calls, clock, answer } = v3()
    await ask('wxpay_order', apples)
    answer({ errcode: 0 })
    await wechat.control.payments.pay({ outTradeNo: 'v3-order' })
    answer({ code: 'SUCCESS' })
    await clock.advance(24 * 3_600_000)
    expect(calls).toHaveLength(2)
    expect(calls[1]).toMatchObject({
      functionName: 'wxpay_order_callback',
      atMs: START_MS + 15_000,
      event: {
        event_type: 'TRANSACTION.SUCCESS',
        resource: {
          original_type: 'transaction',
          json: { out_trade_no: 'v3-order', trade_state: 'SUCCESS', payer: { openid: BUYER } },
        },
      },
    })
  })

  it('can claim a wrong amount, be forged, come twice, or never', async () => {
    const { ask, wechat, calls } = v3()
    const { pay } = wechat.control.payments
    const total = () => calls.map(({ event }) => (event as never as Told).resource.json.amount.total)
    await ask('wxpay_order', apples)
    await pay({ outTradeNo: 'v3-order' }, { callback: 'forged', callbackTotalFeeFen: 1 })
    expect(calls[0]).toMatchObject({ source: 'wx_client', identity: { openid: BUYER } })
    await pay({ outTradeNo: 'v3-order' }, { callback: 'wrong-amount', callbackTotalFeeFen: 7 })
    await ask('wxpay_order', { ...apples, out_trade_no: 'second' })
    await pay({ outTradeNo: 'second' }, { callback: 'twice' })
    await ask('wxpay_order', { ...apples, out_trade_no: 'third-' })
    await pay({ outTradeNo: 'third-' }, { callback: 'never' })
    expect(total()).toEqual([1, 7, 100, 100])
  })

  it('tells how a refund ended, which can be asked as well', async () => {
    const { ask, wechat, calls, clock } = v3()
    await ask('wxpay_order', apples)
    await wechat.control.payments.pay({ outTradeNo: 'v3-order' })
    await wechat.control.payments.plans.add({ settleAfterMs: 60_000, status: 'CHANGE' })
    expect(await ask('wxpay_refund', back)).toMatchObject({
      code: 0,
      data: { status: 'PROCESSING', out_refund_no: 'v3-back', amount: { refund: 40, total: 100 } },
    })
    await clock.advance(60_000)
    expect(calls.at(-1)).toMatchObject({
      functionName: 'wxpay_refund_callback',
      event: {
        event_type: 'REFUND.ABNORMAL',
        resource: { original_type: 'refund', json: { refund_status: 'ABNORMAL', amount: { refund: 40 } } },
      },
    })
    expect(await ask('wxpay_refund_query', back)).toMatchObject({ data: { status: 'ABNORMAL' } })
    const more = { ...back, out_refund_no: 'v3-rest', amount: { refund: 61, total: 100 } }
    expect(await ask('wxpay_refund', more)).toMatchObject({ data: { code: 'INVALID_REQUEST' } })
    const rest = { ...more, amount: { refund: 60, total: 100 } }
    await ask('wxpay_refund', rest)
    await clock.advance(0)
    expect(await ask('wxpay_refund_query', rest)).toMatchObject({
      data: { status: 'SUCCESS', success_time: '2026-03-01T10:01:00+08:00' },
    })
  })

  it('counts as failed when the answer takes more than five seconds', async () => {
    const { ask, wechat, answer } = v3()
    await ask('wxpay_order', apples)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      answer(() => new Promise((resolve) => setTimeout(() => resolve({ code: 'SUCCESS' }), 5_001)))
      const paying = wechat.control.payments.pay({ outTradeNo: 'v3-order' })
      await vi.advanceTimersByTimeAsync(5_000)
      expect((await paying).attempts).toMatchObject([
        { outcome: 'failed', detail: 'no answer within five seconds' },
      ])
    } finally {
      vi.useRealTimers()
    }
  })

  it('goes to an address of this cloud when that is configured', async () => {
    const bodies: string[] = []
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      bodies.push(`${request.url} ${Buffer.concat(chunks)}`)
      response.end('{"code":"SUCCESS"}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo // a listening TCP server has one
    try {
      const { ask, wechat, calls } = v3({ baseUrl: `http://127.0.0.1:${port}` })
      await wechat.control.payments.v3.setCallbacks({ order: '/http/pay/notify', refund: 'refunded' })
      await ask('wxpay_order', apples)
      const { attempts } = await wechat.control.payments.pay({ outTradeNo: 'v3-order' })
      expect(attempts).toMatchObject([{ outcome: 'accepted' }])
      expect(calls).toEqual([])
      expect(bodies).toEqual([expect.stringMatching(/^\/http\/pay\/notify \{.*"ParsedContent":\{/)])
    } finally {
      server.close()
    }
  })
})

interface Told {
  resource: { json: { amount: { total: number } } }
}
