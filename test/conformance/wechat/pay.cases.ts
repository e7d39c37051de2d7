import { expect } from 'vitest'
import { api, type WechatCase, type WechatSdk, type World } from './case.ts'

export const order = {
  functionName: 'echo',
  envId: 'local',
  subMchId: '1900000109',
  body: 'Apples',
  outTradeNo: 'order_1',
  totalFee: 100,
  spbillCreateIp: '127.0.0.1',
}
const number = { subMchId: order.subMchId, outTradeNo: order.outTradeNo }

export async function place({ cloudPay }: WechatSdk, openid: string): Promise<{ prepayId: string }> {
  const placed = await api(cloudPay, 'unifiedOrder')({ ...order, subOpenid: openid })
  return placed as { prepayId: string } // as the first case below says
}

/** The user has paid the order. */
export async function pay(sdk: WechatSdk, { control, openid }: World): Promise<unknown> {
  await place(sdk, openid)
  const { payment } = await control.payments.pay({ outTradeNo: order.outTradeNo })
  return payment.transactionId
}

const ok = (name: string) => ({
  returnCode: 'SUCCESS',
  returnMsg: 'OK',
  resultCode: 'SUCCESS',
  appid: expect.any(String),
  mchId: expect.any(String),
  subAppid: 'wxlocal0000000000',
  subMchId: order.subMchId,
  nonceStr: expect.any(String),
  sign: expect.stringMatching(/^[0-9A-F]{32}$/),
  errCode: 0,
  errMsg: `cloudPay.${name}:ok`,
})

/** A refusal of the request itself: nothing but `returnMsg` says why. */
function malformed(change: object, returnMsg: string): WechatCase {
  return {
    name: `unifiedOrder refuses ${JSON.stringify(change)}: ${returnMsg}`,
    run: ({ cloudPay }, subOpenid) => api(cloudPay, 'unifiedOrder')({ ...order, subOpenid, ...change }),
    returns: expect.objectContaining({ returnCode: 'FAIL', returnMsg, errCode: 0 }),
  }
}

/** A refusal in business, which is a normal result as well. */
function refused(
  name: string,
  call: string,
  data: object,
  errCodeDes: string,
  before?: WechatCase['before'],
): WechatCase {
  return {
    name,
    before,
    run: ({ cloudPay }) => api(cloudPay, call)(data),
    returns: expect.objectContaining({
      returnCode: 'SUCCESS',
      resultCode: 'FAIL',
      errCodeDes,
      // The SDK writes its own over WeChat's code.
      errCode: 0,
      errMsg: `cloudPay.${call}:ok`,
    }),
  }
}

function queried(name: string, before: WechatCase['before'], returns: object): WechatCase {
  return {
    name,
    before,
    run: ({ cloudPay }) => api(cloudPay, 'queryOrder')(number),
    returns: expect.objectContaining({ ...ok('queryOrder'), outTradeNo: order.outTradeNo, ...returns }),
  }
}

/** Orders of `cloud.cloudPay` (v2): placing, asking, closing, and the bill of a day. */
export const payCases: WechatCase[] = [
  {
    name: 'unifiedOrder answers camelCase, with the payment that the client needs',
    run: ({ cloudPay }, subOpenid) => api(cloudPay, 'unifiedOrder')({ ...order, subOpenid }),
    returns: {
      ...ok('unifiedOrder'),
      tradeType: 'JSAPI',
      prepayId: expect.any(String),
      payment: {
        appId: 'wxlocal0000000000',
        timeStamp: expect.stringMatching(/^\d{10}$/),
        nonceStr: expect.any(String),
        package: expect.stringMatching(/^prepay_id=/),
        signType: 'MD5',
        paySign: expect.any(String),
      },
    },
  },
  {
    name: 'a NATIVE order has a code to scan, and belongs to whoever does',
    async run({ cloudPay }) {
      const native = { ...order, tradeType: 'NATIVE', productId: 'apples' }
      return api(cloudPay, 'unifiedOrder')(native)
    },
    returns: {
      ...ok('unifiedOrder'),
      tradeType: 'NATIVE',
      prepayId: expect.any(String),
      codeUrl: expect.stringMatching(/^weixin:\/\/wxpay\//),
    },
  },
  {
    name: 'an MWEB order has an address to open',
    run: ({ cloudPay }) => api(cloudPay, 'unifiedOrder')({ ...order, tradeType: 'MWEB' }),
    returns: expect.objectContaining({ resultCode: 'SUCCESS', mwebUrl: expect.stringMatching(/^https:/) }),
  },
  malformed({ tradeType: 'NATIVE' }, '缺少参数product_id'),
  malformed({ tradeType: 'BARTER' }, 'invalid trade_type'),
  {
    name: 'keys in snake_case are taken as well',
    run: ({ cloudPay }, openid) => {
      const { outTradeNo, ...rest } = order
      return api(cloudPay, 'unifiedOrder')({ ...rest, out_trade_no: outTradeNo, sub_openid: openid })
    },
    returns: expect.objectContaining({ resultCode: 'SUCCESS' }),
  },
  {
    name: 'the same order again has the same prepay id',
    before: (sdk, { openid }) => place(sdk, openid),
    run: (sdk, openid) => place(sdk, openid).then(({ prepayId }) => prepayId),
    returns: expect.stringMatching(/^wx/),
  },
  malformed({ totalFee: 1.5 }, 'invalid total_fee'),
  malformed({ totalFee: '100' }, 'invalid total_fee'),
  malformed({ totalFee: 0 }, 'invalid total_fee'),
  malformed({ totalFee: undefined }, '缺少参数total_fee'),
  malformed({ outTradeNo: 'x'.repeat(33) }, 'invalid out_trade_no'),
  malformed({ outTradeNo: '订单' }, 'invalid out_trade_no'),
  malformed({ body: '' }, '缺少参数body'),
  malformed({ body: 'x'.repeat(129) }, 'invalid body'),
  malformed({ spbillCreateIp: 'here' }, 'invalid spbill_create_ip'),
  malformed({ envId: 'x'.repeat(65) }, 'invalid env_id'),
  malformed({ subMchId: undefined }, '缺少参数sub_mch_id'),
  malformed({ subOpenid: undefined }, 'JSAPI支付必须传openid'),
  malformed({ attach: 'x'.repeat(128) }, 'invalid attach'),
  malformed({ timeExpire: '20200101000000' }, 'invalid time_expire'),
  refused(
    'the same number with another amount is refused',
    'unifiedOrder',
    { ...order, totalFee: 101, subOpenid: 'o'.padEnd(28, 'x') },
    '201 商户订单号重复',
    (sdk, { openid }) => place(sdk, openid),
  ),
  refused(
    'a paid order cannot be placed again',
    'unifiedOrder',
    { ...order, subOpenid: 'o'.padEnd(28, 'x') },
    '该订单已支付',
    pay,
  ),
  queried('an order that waits has no amount yet', (sdk, { openid }) => place(sdk, openid), {
    tradeState: 'NOTPAY',
    attach: '',
  }),
  queried('a paid order tells who paid what and when', pay, {
    tradeState: 'SUCCESS',
    tradeStateDesc: '支付成功',
    totalFee: 100,
    cashFee: 100,
    feeType: 'CNY',
    tradeType: 'JSAPI',
    bankType: expect.any(String),
    isSubscribe: 'N',
    subIsSubscribe: 'N',
    subOpenid: expect.stringMatching(/^o/),
    transactionId: expect.stringMatching(/^\d{28}$/),
    timeEnd: expect.stringMatching(/^\d{14}$/),
  }),
  queried(
    'a failed payment says so',
    async (sdk, { control, openid }) => {
      await place(sdk, openid)
      await control.payments.pay({ outTradeNo: order.outTradeNo }, { outcome: 'fail' })
    },
    { tradeState: 'PAYERROR' },
  ),
  queried(
    'a payment under way says so',
    async (sdk, { control, openid }) => {
      await place(sdk, openid)
      await control.payments.pay({ outTradeNo: order.outTradeNo }, { outcome: 'pending' })
    },
    { tradeState: 'USERPAYING' },
  ),
  queried(
    'an order is closed two hours after it was placed',
    async (sdk, { openid, advance }) => {
      await place(sdk, openid)
      await advance(2 * 3_600_000)
    },
    { tradeState: 'CLOSED' },
  ),
  {
    name: 'queryOrder takes the number that WeChat gave as well',
    before: pay,
    run: ({ cloudPay }, _openid, transactionId) =>
      api(cloudPay, 'queryOrder')({ subMchId: order.subMchId, transactionId }),
    returns: expect.objectContaining({ tradeState: 'SUCCESS', outTradeNo: order.outTradeNo }),
  },
  refused(
    'queryOrder knows no other orders',
    'queryOrder',
    { ...number, outTradeNo: 'nobody' },
    '此交易订单号不存在',
  ),
  refused(
    'queryOrder knows no orders of other merchants',
    'queryOrder',
    { ...number, subMchId: '1900000110' },
    '此交易订单号不存在',
    (sdk, { openid }) => place(sdk, openid),
  ),
  {
    name: 'queryOrder needs a number',
    run: ({ cloudPay }) => api(cloudPay, 'queryOrder')({ subMchId: order.subMchId }),
    returns: expect.objectContaining({ returnCode: 'FAIL', returnMsg: '缺少参数out_trade_no' }),
  },
  {
    name: 'closeOrder closes an order that waits',
    before: (sdk, { openid }) => place(sdk, openid),
    run: ({ cloudPay }) => api(cloudPay, 'closeOrder')(number),
    returns: ok('closeOrder'),
  },
  refused('closeOrder leaves a paid order alone', 'closeOrder', number, '该订单已支付', pay),
  refused('closeOrder closes once', 'closeOrder', number, '该订单已关闭', async (sdk, { openid }) => {
    await place(sdk, openid)
    await api(sdk.cloudPay, 'closeOrder')(number)
  }),
  refused('closeOrder knows no other orders', 'closeOrder', number, '此交易订单号不存在'),
  {
    name: 'downloadBill gives the day as text',
    async before(sdk, world) {
      await pay(sdk, world)
      await world.advance(24 * 3_600_000)
    },
    run: async ({ cloudPay }) => {
      const { data } = (await api(cloudPay, 'downloadBill')(await billOf(cloudPay))) as { data: string }
      return data.split('\r\n').length
    },
    returns: 5,
  },
  {
    name: 'downloadBill gives bytes with tarType GZIP',
    async before(sdk, world) {
      await pay(sdk, world)
      await world.advance(24 * 3_600_000)
    },
    run: async ({ cloudPay }) =>
      api(cloudPay, 'downloadBill')({ ...(await billOf(cloudPay)), tarType: 'GZIP' }),
    returns: expect.objectContaining({ data: expect.objectContaining({ 0: 0x1f, 1: 0x8b }), errCode: 0 }),
  },
  {
    name: 'downloadBill says when there is none',
    run: ({ cloudPay }) => api(cloudPay, 'downloadBill')({ billDate: '20200101', billType: 'ALL' }),
    returns: expect.objectContaining({ returnCode: 'FAIL', returnMsg: 'No Bill Exist' }),
  },
  {
    name: 'a pay API that is not built is a system error that names it',
    run: ({ cloudPay }) => api(cloudPay, 'micropay')({}),
    fails: { errCode: -501001, errMsg: /not emulated yet: cloudPay\.micropay/, code: null },
  },
  {
    name: 'a pay API can be given an answer',
    before: (_, { control }) =>
      control.canned.set({ name: 'cloudPay.unifiedOrder', body: { return_code: 'FAIL' }, times: 1 }),
    run: async ({ cloudPay }, subOpenid) => {
      const ask = async () =>
        (await api(cloudPay, 'unifiedOrder')({ ...order, subOpenid })) as { returnCode: string }
      return [(await ask()).returnCode, (await ask()).returnCode]
    },
    returns: ['FAIL', 'SUCCESS'],
  },
]

/** The bill of the day on which the order was paid. */
async function billOf(cloudPay: WechatSdk['cloudPay']): Promise<object> {
  const { timeEnd } = (await api(cloudPay, 'queryOrder')(number)) as { timeEnd: string }
  return { subMchId: order.subMchId, billDate: timeEnd.slice(0, 8), billType: 'ALL' }
}
