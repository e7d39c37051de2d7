import { describe, expect, it } from 'vitest'
import { order, simulator } from '../simulator.fixture.ts'

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

describe('refund', () => {
  it('gives money back in parts, never more than was paid', async () => {
    const { pay, paidOrder, clock, wechat } = simulator()
    await paidOrder('a', 100)
    expect(await pay('refund', refund('a', 'r1', 60))).toMatchObject({
      result_code: 'SUCCESS',
      refund_fee: 60,
    })
    expect(await pay('refund', refund('a', 'r2', 41))).toMatchObject({
      ...refused('INVALID_REQUEST'),
      err_code_des: 'refund_fee大于可退金额',
    })
    expect(await pay('refund', refund('a', 'r2', 40))).toMatchObject({ result_code: 'SUCCESS' })
    expect(await pay('refund', refund('a', 'r3', 1))).toMatchObject({
      ...refused('ERROR'),
      err_code_des: '订单已全额退款',
    })
    await clock.advance(0)
    expect(wechat.control.payments.refunds().map((one) => one.status)).toEqual(['SUCCESS', 'SUCCESS'])
  })

  it('is the same refund when asked again, and refuses its number for another amount or order', async () => {
    const { pay, paidOrder, wechat } = simulator()
    await paidOrder('a', 100)
    await paidOrder('b', 100)
    const replies = await Promise.all(Array.from({ length: 10 }, () => pay('refund', refund('a', 'r1', 60))))
    expect(new Set(replies.map((reply) => reply.refund_id)).size).toBe(1)
    expect(wechat.control.payments.get({ outTradeNo: 'a' }).refundableFen).toBe(40)
    expect(await pay('refund', refund('a', 'r1', 50))).toMatchObject(refused('REFUND_FEE_MISMATCH'))
    expect(await pay('refund', refund('b', 'r1', 60))).toMatchObject(refused('REFUND_FEE_MISMATCH'))
    expect(wechat.control.payments.get({ outTradeNo: 'b' }).refundableFen).toBe(100)
  })

  it('refuses what was not paid, does not exist, or names another total', async () => {
    const { pay, paidOrder, clock } = simulator()
    expect(await pay('refund', refund('a', 'r1', 1))).toMatchObject(refused('ORDERNOTEXIST'))
    await pay('unifiedOrder', order('a'))
    expect(await pay('refund', refund('a', 'r1', 1))).toMatchObject(refused('TRADE_STATE_ERROR'))
    await paidOrder('b', 100)
    expect(await pay('refund', refund('b', 'r1', 1, 99))).toMatchObject(refused('REFUND_FEE_MISMATCH'))
    expect(await pay('refund', refund('b', 'r1', 101))).toMatchObject(malformed('invalid refund_fee'))
    await clock.advance(366 * 24 * 3_600_000)
    expect(await pay('refund', refund('b', 'r1', 1))).toMatchObject(refused('TRADE_OVERDUE'))
  })

  it('stops at fifty refunds', async () => {
    const { pay, paidOrder } = simulator()
    await paidOrder('a', 100)
    for (let n = 0; n < 50; n++) {
      expect(await pay('refund', refund('a', `r${n}`, 1))).toMatchObject({ result_code: 'SUCCESS' })
    }
    expect(await pay('refund', refund('a', 'r50', 1))).toMatchObject(refused('INVALID_REQUEST'))
  })

  it('can be planned to fail once, and goes through with the same number', async () => {
    const { pay, paidOrder, wechat } = simulator()
    await paidOrder('a', 100)
    await wechat.control.payments.plans.add({ error: 'NOTENOUGH', errorDescription: '基本账户余额不足' })
    expect(await pay('refund', refund('a', 'r1', 60))).toMatchObject(refused('NOTENOUGH'))
    expect(wechat.control.payments.refunds()).toEqual([])
    expect(await pay('refund', refund('a', 'r1', 60))).toMatchObject({ result_code: 'SUCCESS' })
  })

  it('can be taken on although the caller is told of an error', async () => {
    const { pay, paidOrder, wechat, clock } = simulator()
    await paidOrder('a', 100)
    await wechat.control.payments.plans.add({ error: 'SYSTEMERROR', acceptedAnyway: true })
    expect(await pay('refund', refund('a', 'r1', 60))).toMatchObject(refused('SYSTEMERROR'))
    await clock.advance(0)
    expect(wechat.control.payments.refunds()).toMatchObject([{ outRefundNo: 'r1', status: 'SUCCESS' }])
    expect(await pay('refund', refund('a', 'r1', 60))).toMatchObject({ result_code: 'SUCCESS' })
    expect(wechat.control.payments.refunds()).toHaveLength(1)
  })

  it('that was closed can be asked for again under a new number', async () => {
    const { pay, paidOrder, wechat, clock } = simulator()
    await paidOrder('a', 100)
    await wechat.control.payments.plans.add({ status: 'REFUNDCLOSE', outTradeNo: 'a' })
    await pay('refund', refund('a', 'r1', 100))
    await clock.advance(0)
    expect(wechat.control.payments.get({ outTradeNo: 'a' })).toMatchObject({
      tradeState: 'SUCCESS',
      refundableFen: 100,
    })
    expect(await pay('refund', refund('a', 'r2', 100))).toMatchObject({ result_code: 'SUCCESS' })
  })
})

describe('queryRefund', () => {
  it('counts refunds and leaves every list empty, as the platform does', async () => {
    const { pay, paidOrder } = simulator()
    await paidOrder('a', 100)
    expect(await pay('queryRefund', { outTradeNo: 'a' })).toMatchObject(refused('REFUNDNOTEXIST'))
    await pay('refund', refund('a', 'r1', 60))
    const { refund_id: refundId } = await pay('refund', refund('a', 'r2', 10))
    expect(await pay('queryRefund', { outTradeNo: 'a' })).toMatchObject({
      refund_count: 2,
      total_fee: 100,
      refund_status_list: [],
    })
    expect(await pay('queryRefund', { refundId })).toMatchObject({ refund_count: 1 })
    expect(await pay('queryRefund', { outRefundNo: 'r3' })).toMatchObject(refused('ORDERNOTEXIST'))
    expect(await pay('queryRefund', {})).toMatchObject({ return_code: 'FAIL' })
  })
})
