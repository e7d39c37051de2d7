import { expect } from 'vitest'
import { api, type WechatCase, type WechatSdk } from './case.ts'
import { order, pay, place } from './pay.cases.ts'

const refund = {
  functionName: 'echo',
  envId: 'local',
  subMchId: order.subMchId,
  outTradeNo: order.outTradeNo,
  outRefundNo: 'refund_1',
  totalFee: 100,
  refundFee: 40,
}

const ask = ({ cloudPay }: WechatSdk, change: object = {}) =>
  api(cloudPay, 'refund')({ ...refund, ...change })

function refused(
  name: string,
  change: object,
  errCodeDes: string,
  before: WechatCase['before'] = pay,
): WechatCase {
  return {
    name,
    before,
    run: (sdk) => ask(sdk, change),
    returns: expect.objectContaining({
      returnCode: 'SUCCESS',
      resultCode: 'FAIL',
      errCodeDes,
      errCode: 0,
      errMsg: 'cloudPay.refund:ok',
    }),
  }
}

/** Refunds of `cloud.cloudPay` (v2). */
export const refundCases: WechatCase[] = [
  {
    name: 'a refund is accepted with its number and amounts',
    before: pay,
    run: (sdk) => ask(sdk),
    returns: {
      returnCode: 'SUCCESS',
      returnMsg: 'OK',
      resultCode: 'SUCCESS',
      appid: expect.any(String),
      mchId: expect.any(String),
      subAppid: 'wxlocal0000000000',
      subMchId: order.subMchId,
      nonceStr: expect.any(String),
      sign: expect.any(String),
      transactionId: expect.any(String),
      outTradeNo: order.outTradeNo,
      outRefundNo: refund.outRefundNo,
      refundId: expect.stringMatching(/^50300/),
      refundFee: 40,
      totalFee: 100,
      cashFee: 100,
      cashRefundFee: 40,
      couponRefundFee: 0,
      couponRefundCount: 0,
      couponTypeList: [],
      couponRefundIdList: [],
      couponRefundFeeList: [],
      errCode: 0,
      errMsg: 'cloudPay.refund:ok',
    },
  },
  {
    name: 'the same refund again is the same one',
    before: async (sdk, world) => {
      await pay(sdk, world)
      return ((await ask(sdk)) as { refundId: string }).refundId
    },
    run: async (sdk, _openid, refundId) => ((await ask(sdk)) as { refundId: string }).refundId === refundId,
    returns: true,
  },
  {
    name: 'WeChat’s number of the payment will do, and a function is not needed',
    before: pay,
    run: ({ cloudPay }, _openid, transactionId) => {
      const { functionName, envId, outTradeNo, ...rest } = refund
      return api(cloudPay, 'refund')({ ...rest, transactionId })
    },
    returns: expect.objectContaining({ resultCode: 'SUCCESS', outTradeNo: order.outTradeNo }),
  },
  {
    name: 'a refunded order says so',
    before: async (sdk, world) => {
      await pay(sdk, world)
      await ask(sdk)
    },
    run: async ({ cloudPay }) =>
      (
        (await api(cloudPay, 'queryOrder')({ subMchId: order.subMchId, outTradeNo: order.outTradeNo })) as {
          tradeState: string
        }
      ).tradeState,
    returns: 'REFUND',
  },
  refused(
    'the same number with another amount is refused',
    { refundFee: 41 },
    '订单金额或退款金额与之前请求不一致，请核实后再试',
    async (sdk, world) => {
      await pay(sdk, world)
      await ask(sdk)
    },
  ),
  refused(
    'the total must be that of the order',
    { totalFee: 101 },
    '订单金额或退款金额与之前请求不一致，请核实后再试',
  ),
  refused('an unpaid order has nothing to give back', {}, '订单状态错误', (sdk, { openid }) =>
    place(sdk, openid),
  ),
  refused('an unknown order has nothing to give back', { outTradeNo: 'nobody' }, '此交易订单号不存在'),
  refused(
    'no more than was paid is given back',
    { outRefundNo: 'refund_2', refundFee: 61 },
    'refund_fee大于可退金额',
    async (sdk, world) => {
      await pay(sdk, world)
      await ask(sdk)
    },
  ),
  refused(
    'nothing is left after all was given back',
    { outRefundNo: 'refund_2' },
    '订单已全额退款',
    async (sdk, world) => {
      await pay(sdk, world)
      await ask(sdk, { refundFee: 100 })
    },
  ),
  refused('a year later it is too late', {}, '订单已经超过退款期限', async (sdk, world) => {
    await pay(sdk, world)
    await world.advance(366 * 24 * 3_600_000)
  }),
  refused('a planned refusal is given', {}, '基本账户余额不足', async (sdk, world) => {
    await pay(sdk, world)
    await world.control.payments.plans.add({ error: 'NOTENOUGH', errorDescription: '基本账户余额不足' })
  }),
  {
    name: 'a refund of more than its order is malformed',
    before: pay,
    run: (sdk) => ask(sdk, { refundFee: 101 }),
    returns: expect.objectContaining({ returnCode: 'FAIL', returnMsg: 'invalid refund_fee' }),
  },
  {
    name: 'a refund needs its number',
    before: pay,
    run: (sdk) => ask(sdk, { outRefundNo: undefined }),
    returns: expect.objectContaining({ returnCode: 'FAIL', returnMsg: '缺少参数out_refund_no' }),
  },
  {
    name: 'queryRefund counts refunds and leaves their lists empty, as the platform does',
    before: async (sdk, world) => {
      await pay(sdk, world)
      await ask(sdk)
    },
    run: ({ cloudPay }) =>
      api(cloudPay, 'queryRefund')({ subMchId: order.subMchId, outRefundNo: refund.outRefundNo }),
    returns: expect.objectContaining({
      resultCode: 'SUCCESS',
      refundCount: 1,
      totalFee: 100,
      refundStatusList: [],
      outRefundNoList: [],
      errMsg: 'cloudPay.queryRefund:ok',
    }),
  },
  {
    name: 'queryRefund knows no other refunds',
    run: ({ cloudPay }) => api(cloudPay, 'queryRefund')({ subMchId: order.subMchId, outRefundNo: 'nobody' }),
    returns: expect.objectContaining({ resultCode: 'FAIL' }),
  },
]
