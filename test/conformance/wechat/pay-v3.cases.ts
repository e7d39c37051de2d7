import { expect } from 'vitest'
import type { WechatCase, WechatSdk, World } from './case.ts'

const order = { description: '苹果', out_trade_no: 'v3-order', amount: { total: 100, currency: 'CNY' } }
const refund = { out_trade_no: 'v3-order', out_refund_no: 'v3-back', amount: { refund: 40, total: 100 } }

/** A workflow of the template, as its sample functions call it. */
async function workflow(sdk: WechatSdk, name: string, data: object): Promise<unknown> {
  const { result } = (await sdk.callFunction({ name: 'cloudbase_module', data: { name, data } })) as {
    result: unknown
  }
  return result
}

const place = (sdk: WechatSdk, openid: string) =>
  workflow(sdk, 'wxpay_order', { ...order, payer: { openid } })

async function pay(sdk: WechatSdk, { control, openid }: World): Promise<unknown> {
  await place(sdk, openid)
  return (await control.payments.pay({ outTradeNo: order.out_trade_no })).payment.transactionId
}

function refused(code: string, name: string, data: object, before?: WechatCase['before']): WechatCase {
  return {
    name: `${name} refuses ${JSON.stringify(data)} with ${code}`,
    before,
    run: (sdk) => workflow(sdk, name, data),
    returns: { code: -1, msg: expect.any(String), data: { code, message: expect.any(String) } },
  }
}

/** WeChat Pay v3 through the template's `cloudbase_module`. */
export const payV3Cases: WechatCase[] = [
  {
    name: 'a v3 order gives what the page pays with',
    run: (sdk, openid) => place(sdk, openid),
    returns: {
      code: 0,
      msg: 'success',
      data: expect.objectContaining({
        timeStamp: expect.stringMatching(/^\d{10}$/),
        nonceStr: expect.any(String),
        package: expect.stringMatching(/^prepay_id=/),
        packageVal: expect.stringMatching(/^prepay_id=/),
        signType: 'RSA',
        paySign: expect.any(String),
      }),
    },
  },
  {
    name: 'a v3 order that waits has no payer’s amount',
    before: (sdk, { openid }) => place(sdk, openid),
    run: (sdk) => workflow(sdk, 'wxpay_query_order_by_out_trade_no', order),
    returns: expect.objectContaining({
      code: 0,
      data: expect.objectContaining({ trade_state: 'NOTPAY', amount: { total: 100, currency: 'CNY' } }),
    }),
  },
  {
    name: 'a paid v3 order tells who paid what and when',
    before: pay,
    run: (sdk, _openid, transaction_id) =>
      workflow(sdk, 'wxpay_query_order_by_transaction_id', { transaction_id }),
    returns: expect.objectContaining({
      data: expect.objectContaining({
        trade_state: 'SUCCESS',
        trade_state_desc: '支付成功',
        success_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/),
        payer: { openid: expect.stringMatching(/^o/) },
        amount: { total: 100, payer_total: 100, currency: 'CNY', payer_currency: 'CNY' },
      }),
    }),
  },
  {
    name: 'a v3 order is closed without a word',
    before: (sdk, { openid }) => place(sdk, openid),
    run: (sdk) => workflow(sdk, 'wxpay_close_order', order),
    returns: { code: 0, msg: 'success', data: null },
  },
  {
    name: 'a v3 refund is under way first',
    before: pay,
    run: (sdk) => workflow(sdk, 'wxpay_refund', refund),
    returns: expect.objectContaining({
      code: 0,
      data: expect.objectContaining({
        status: 'PROCESSING',
        out_refund_no: 'v3-back',
        channel: 'ORIGINAL',
        amount: expect.objectContaining({ refund: 40, total: 100 }),
      }),
    }),
  },
  {
    name: 'a v3 refund tells how it ended',
    async before(sdk, world) {
      await pay(sdk, world)
      await workflow(sdk, 'wxpay_refund', refund)
      await world.advance(0)
    },
    run: (sdk) => workflow(sdk, 'wxpay_refund_query', refund),
    returns: expect.objectContaining({ data: expect.objectContaining({ status: 'SUCCESS' }) }),
  },
  refused('PARAM_ERROR', 'wxpay_order', order),
  refused('PARAM_ERROR', 'wxpay_order', { ...order, amount: { total: 1.5 } }),
  refused('PARAM_ERROR', 'wxpay_order', { ...order, description: '' }),
  refused('PARAM_ERROR', 'wxpay_refund', { ...refund, amount: { refund: 101, total: 100 } }, pay),
  refused('ORDER_NOT_EXIST', 'wxpay_query_order_by_out_trade_no', { out_trade_no: 'nobody' }),
  refused('ORDER_NOT_EXIST', 'wxpay_close_order', { out_trade_no: 'nobody' }),
  refused('INVALID_REQUEST', 'wxpay_close_order', order, pay),
  refused('RESOURCE_NOT_EXISTS', 'wxpay_refund', refund),
  refused('RESOURCE_NOT_EXISTS', 'wxpay_refund_query', refund),
  refused('INVALID_REQUEST', 'wxpay_refund', refund, (sdk, { openid }) => place(sdk, openid)),
  refused('RESOURCE_NOT_EXISTS', 'wxpay_dance', {}),
]
