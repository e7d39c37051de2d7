import { describe, expect, it } from 'vitest'
import { BUYER, order, START_MS, simulator } from '../simulator.fixture.ts'

const refused = (errCode: string) => ({ return_code: 'SUCCESS', result_code: 'FAIL', err_code: errCode })
const malformed = (returnMsg: string) => ({ return_code: 'FAIL', return_msg: returnMsg })
const refund = (outTradeNo: string, outRefundNo: string, refundFee: number, totalFee = 100) => ({
  functionName: 'payment',
  envId: 'local',
  outTradeNo,
  outRefundNo,
  refundFee,
  totalFee,
  nonceStr: 'n',
})

describe('unifiedOrder', () => {
  it('gives the parameters for wx.requestPayment and takes the payer from the caller', async () => {
    const { pay, wechat } = simulator()
    const placed = await pay('unifiedOrder', order('a', { attach: 'note' }))
    expect(placed).toMatchObject({
      return_code: 'SUCCESS',
      result_code: 'SUCCESS',
      trade_type: 'JSAPI',
      payment: {
        signType: 'MD5',
        timeStamp: String(START_MS / 1000),
        paySign: expect.stringMatching(/^[0-9A-F]{32}$/),
      },
    })
    expect(wechat.control.payments.get({ outTradeNo: 'a' })).toMatchObject({
      openid: BUYER,
      tradeState: 'NOTPAY',
    })
  })

  it('finds the same order again and refuses its number for another one', async () => {
    const { pay } = simulator()
    const first = await pay('unifiedOrder', order('a'))
    expect((await pay('unifiedOrder', order('a'))).prepay_id).toBe(first.prepay_id)
    expect(await pay('unifiedOrder', order('a', { totalFee: 101 }))).toMatchObject({
      ...refused('INVALID_REQUEST'),
      err_code_des: '201 商户订单号重复',
    })
    expect(await pay('unifiedOrder', order('a', { subMchId: '1900000110', totalFee: 101 }))).toMatchObject({
      result_code: 'SUCCESS',
    })
  })

  it('places one order when many ask for it at once', async () => {
    const { pay, wechat } = simulator()
    const placed = await Promise.all(Array.from({ length: 10 }, () => pay('unifiedOrder', order('a'))))
    expect(new Set(placed.map((reply) => reply.prepay_id)).size).toBe(1)
    expect(wechat.control.payments.list()).toHaveLength(1)
  })

  it('refuses what was paid, closed or ran out', async () => {
    const { pay, paidOrder, clock } = simulator()
    await paidOrder('paid', 100)
    expect(await pay('unifiedOrder', order('paid'))).toMatchObject(refused('ORDERPAID'))
    await pay('unifiedOrder', order('closed'))
    await pay('closeOrder', { outTradeNo: 'closed' })
    expect(await pay('unifiedOrder', order('closed'))).toMatchObject(refused('ORDERCLOSED'))
    await pay('unifiedOrder', order('late', { timeExpire: '20260301101500' }))
    await clock.advance(15 * 60_000)
    expect(await pay('unifiedOrder', order('late', { timeExpire: '20260301113000' }))).toMatchObject(
      refused('ORDERCLOSED'),
    )
  })

  it.each([
    ['total_fee', { totalFee: 0 }],
    ['total_fee', { totalFee: -1 }],
    ['total_fee', { totalFee: 1.5 }],
    ['total_fee', { totalFee: '100' }],
    ['out_trade_no', { outTradeNo: 'x'.repeat(33) }],
    ['out_trade_no', { outTradeNo: 'a b' }],
    ['body', { body: '果'.repeat(129) }],
    ['attach', { attach: 'x'.repeat(128) }],
    ['spbill_create_ip', { spbillCreateIp: 'localhost' }],
    ['sub_mch_id', { subMchId: 'abc' }],
    ['env_id', { envId: 'x'.repeat(65) }],
    ['function_name', { functionName: '../x' }],
    ['time_expire', { timeExpire: '20260301100030' }],
    ['time_expire', { timeExpire: '20260230100000' }],
  ])('refuses a wrong %s: %j', async (name, changes) => {
    const { pay, wechat } = simulator()
    expect(await pay('unifiedOrder', order('a', changes))).toMatchObject(malformed(`invalid ${name}`))
    expect(wechat.control.payments.list()).toEqual([])
  })

  it('names what is missing', async () => {
    const { pay } = simulator()
    for (const [given, name] of [
      ['functionName', 'function_name'],
      ['totalFee', 'total_fee'],
      ['outTradeNo', 'out_trade_no'],
    ] as const) {
      const { [given]: _, ...rest } = order('a')
      expect(await pay('unifiedOrder', rest)).toMatchObject(malformed(`缺少参数${name}`))
    }
  })
})

describe('queryOrder and closeOrder', () => {
  it('tell every state of a payment', async () => {
    const { pay, wechat, clock } = simulator()
    const payments = wechat.control.payments
    const state = async (outTradeNo: string) => (await pay('queryOrder', { outTradeNo })).trade_state
    expect(await pay('queryOrder', { outTradeNo: 'a' })).toMatchObject(refused('ORDERNOTEXIST'))
    await pay('unifiedOrder', order('a'))
    expect(await state('a')).toBe('NOTPAY')
    expect(await pay('queryOrder', { outTradeNo: 'a' })).not.toHaveProperty('total_fee')
    await payments.pay({ outTradeNo: 'a' }, { outcome: 'cancel' })
    expect(await state('a')).toBe('NOTPAY')
    await payments.pay({ outTradeNo: 'a' }, { outcome: 'pending' })
    expect(await state('a')).toBe('USERPAYING')
    await payments.pay({ outTradeNo: 'a' }, { outcome: 'fail' })
    expect(await state('a')).toBe('PAYERROR')
    const { payment } = await payments.pay({ outTradeNo: 'a' })
    expect(await state('a')).toBe('SUCCESS')
    expect(await pay('queryOrder', { transactionId: payment.transactionId })).toMatchObject({
      out_trade_no: 'a',
      total_fee: 100,
      cash_fee: 100,
      time_end: '20260301100000',
    })
    await pay('refund', refund('a', 'r1', 30))
    expect(await state('a')).toBe('REFUND')
    await pay('unifiedOrder', order('b'))
    await clock.advance(2 * 3_600_000)
    expect(await state('b')).toBe('CLOSED')
  })

  it('keep a paid order paid, and a closed one closed to the payer', async () => {
    const { pay, wechat, paidOrder } = simulator()
    await paidOrder('paid', 100)
    expect(await pay('closeOrder', { outTradeNo: 'paid' })).toMatchObject(refused('ORDERPAID'))
    await pay('unifiedOrder', order('open'))
    expect(await pay('closeOrder', { outTradeNo: 'open' })).toMatchObject({ result_code: 'SUCCESS' })
    expect(await pay('closeOrder', { outTradeNo: 'open' })).toMatchObject(refused('ORDERCLOSED'))
    await expect(wechat.control.payments.pay({ outTradeNo: 'open' })).rejects.toMatchObject({
      code: 'PAYMENT_NOT_PAYABLE',
    })
    const late = await wechat.control.payments.pay({ outTradeNo: 'open' }, { evenIfClosed: true })
    expect(late.payment.tradeState).toBe('SUCCESS')
  })

  it('do not show one merchant the orders of another', async () => {
    const { pay, paidOrder, wechat } = simulator()
    await paidOrder('a', 100)
    const { transactionId } = wechat.control.payments.get({ outTradeNo: 'a' })
    expect(await pay('queryOrder', { subMchId: '1900000110', transactionId })).toMatchObject(
      refused('ORDERNOTEXIST'),
    )
  })

  it('let a payment and a close race to one end', async () => {
    const { pay, wechat } = simulator()
    await pay('unifiedOrder', order('a'))
    const [closed, paid] = await Promise.allSettled([
      pay('closeOrder', { outTradeNo: 'a' }),
      wechat.control.payments.pay({ outTradeNo: 'a' }),
    ])
    expect(closed).toMatchObject({ value: { result_code: 'SUCCESS' } })
    expect(paid.status).toBe('rejected')
    expect(wechat.control.payments.get({ outTradeNo: 'a' }).tradeState).toBe('CLOSED')
  })
})

describe('the payer', () => {
  it('cannot pay twice or for somebody else', async () => {
    const { pay, wechat, paidOrder } = simulator()
    await pay('unifiedOrder', order('a'))
    await expect(
      wechat.control.payments.pay({ outTradeNo: 'a' }, { openid: `o${'x'.repeat(27)}` }),
    ).rejects.toMatchObject({ code: 'PAYMENT_NOT_PAYABLE' })
    await paidOrder('b', 100)
    await expect(wechat.control.payments.pay({ outTradeNo: 'b' })).rejects.toMatchObject({
      code: 'PAYMENT_NOT_PAYABLE',
    })
    await expect(wechat.control.payments.pay({ prepayId: 'wx-none' })).rejects.toMatchObject({
      code: 'PAYMENT_NOT_FOUND',
    })
  })
})

describe('an order for anybody', () => {
  it('belongs to the user who scans its code and pays', async () => {
    const { pay, wechat, calls } = simulator()
    await pay('unifiedOrder', order('a', { tradeType: 'NATIVE', productId: 'apples' }))
    const paying = wechat.control.payments.pay({ outTradeNo: 'a' })
    await expect(paying).rejects.toMatchObject({ code: 'PAYMENT_NOT_PAYABLE' })
    await wechat.control.payments.pay({ outTradeNo: 'a' }, { openid: BUYER })
    expect(calls).toMatchObject([{ event: { subOpenid: BUYER, tradeType: 'NATIVE' } }])
    expect(await pay('queryOrder', { outTradeNo: 'a' })).toMatchObject({ sub_openid: BUYER })
  })
})

describe('downloadBill', () => {
  it('lists what was paid and refunded on a day, with sums, from nine the next morning on', async () => {
    const { pay, paidOrder, bill, clock } = simulator()
    await paidOrder('a', 1234)
    await paidOrder('b', 5)
    await pay('unifiedOrder', order('never-paid'))
    await pay('refund', refund('a', 'r1', 234, 1234))
    await clock.advance(0)
    const query = { subMchId: '1900000109', billDate: '20260301' }
    await clock.set(Date.parse('2026-03-02T00:59:59Z'))
    expect(await bill(query)).toContain('No Bill Exist')
    await clock.advance(1_000)

    const lines = (await bill(query)).trimEnd().split('\r\n')
    expect(lines).toHaveLength(6)
    expect(lines[0]).toMatch(/^交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号/)
    expect(lines[1]).toMatch(/^`2026-03-01 10:00:00,`/)
    expect(lines[4]).toBe(
      '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额',
    )
    expect(lines[5]).toBe('`3,`12.39,`2.34,`0.00,`0.06030,`12.39,`2.34')
    for (const line of lines.slice(0, 4)) expect(line.split(',')).toHaveLength(27)

    expect((await bill({ ...query, billType: 'SUCCESS' })).split('\r\n')[0]?.split(',')).toHaveLength(20)
    expect(await bill({ ...query, billType: 'REFUND' })).toMatch(/`1,`0\.00,`2\.34/)
    expect(await bill({ ...query, billDate: '20260228' })).toContain('No Bill Exist')
    expect(await bill({ ...query, billDate: '20260230' })).toContain('invalid bill_date')
  })
})
