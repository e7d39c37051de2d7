import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createState } from '../../core/state.ts'
import { BUYER, type FunctionCall, order, type Simulator, START_MS, simulator } from '../simulator.fixture.ts'
import { NOTICE_SOURCE } from './notices.ts'

const DAY_MS = 24 * 3_600_000
const refund = { functionName: 'payment', outTradeNo: 'a', outRefundNo: 'r1', refundFee: 40, totalFee: 100 }
const secondsOf = ({ calls }: Simulator) => calls.map((call) => (call.atMs - START_MS) / 1000)

describe('the notice of a payment', () => {
  it('goes to the named function, says what the manual says, and carries no openid of a caller', async () => {
    const sim = simulator()
    await sim.pay('unifiedOrder', order('a', { attach: 'note' }))
    const { attempts } = await sim.wechat.control.payments.pay({ outTradeNo: 'a' })
    expect(attempts).toMatchObject([{ outcome: 'accepted' }])
    expect(sim.calls).toHaveLength(1)
    expect(sim.calls[0]).toMatchObject({
      functionName: 'payment',
      source: NOTICE_SOURCE,
      event: {
        returnCode: 'SUCCESS',
        resultCode: 'SUCCESS',
        subOpenid: BUYER,
        outTradeNo: 'a',
        totalFee: 100,
        timeEnd: '20260301100000',
        attach: 'note',
      },
    })
    expect(sim.calls[0]?.identity).not.toHaveProperty('openid')
    await sim.clock.advance(2 * DAY_MS)
    expect(sim.calls).toHaveLength(1)
  })

  it('can ask queryOrder about the same payment before it answers', async () => {
    const sim = simulator()
    await sim.pay('unifiedOrder', order('a'))
    sim.answer(async () => {
      const { trade_state: state } = await sim.pay('queryOrder', { outTradeNo: 'a' })
      await sim.pay('refund', refund)
      return { errcode: state === 'SUCCESS' ? 0 : 1 }
    })
    const { attempts } = await sim.wechat.control.payments.pay({ outTradeNo: 'a' })
    expect(attempts).toMatchObject([{ outcome: 'accepted' }])
  })

  it.each([
    ['says FAIL in the words of another protocol', { return_code: 'SUCCESS' }],
    ['answers "0" as text', { errcode: '0' }],
    ['answers nothing', undefined],
    ['answers null', null],
    ['throws', new Error('boom')],
  ])('comes again when the function %s', async (_, answer) => {
    const sim = simulator()
    await sim.pay('unifiedOrder', order('a'))
    sim.answer(answer)
    await sim.wechat.control.payments.pay({ outTradeNo: 'a' })
    await sim.clock.advance(15_000)
    expect(sim.calls).toHaveLength(2)
    sim.answer({ errcode: 0 })
    await sim.clock.advance(15_000)
    await sim.clock.advance(2 * DAY_MS)
    expect(sim.calls).toHaveLength(3)
  })

  it('comes again after 15s 15s 30s 3m 10m 20m 30m 30m 30m 60m 3h 3h 3h 6h 6h, then never', async () => {
    const sim = simulator()
    await sim.pay('unifiedOrder', order('a'))
    sim.answer({ errcode: 1 })
    await sim.wechat.control.payments.pay({ outTradeNo: 'a' })
    await sim.clock.advance(3 * DAY_MS)
    const at = secondsOf(sim)
    const gaps = at.slice(1).map((second, n) => second - (at[n] ?? 0))
    expect(gaps).toEqual([
      15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600,
    ])
    expect(sim.wechat.control.payments.get({ outTradeNo: 'a' }).notices).toMatchObject([
      { state: 'exhausted' },
    ])
  })

  it('can be withheld and delivered by hand', async () => {
    const sim = simulator()
    await sim.pay('unifiedOrder', order('a'))
    await sim.wechat.control.payments.pay({ outTradeNo: 'a' }, { callback: 'never' })
    await sim.clock.advance(2 * DAY_MS)
    expect(sim.calls).toHaveLength(0)
    await sim.wechat.control.payments.redeliver({ outTradeNo: 'a' })
    await sim.wechat.control.payments.redeliver({ outTradeNo: 'a' })
    expect(sim.calls).toHaveLength(2)
    expect(sim.calls[0]?.event).toEqual(sim.calls[1]?.event)
  })

  it('can come twice, late, or with another amount while the truth stays', async () => {
    const sim = simulator()
    for (const name of ['twice', 'late', 'wrong-amount']) await sim.pay('unifiedOrder', order(name))
    const { pay } = sim.wechat.control.payments
    await pay({ outTradeNo: 'twice' }, { callback: 'twice' })
    expect(secondsOf(sim)).toEqual([0, 0])
    await pay({ outTradeNo: 'late' }, { callback: 'late', delayMs: 3_600_000 })
    await sim.clock.advance(3_599_000)
    expect(sim.calls).toHaveLength(2)
    await sim.clock.advance(1_000)
    expect(secondsOf(sim)).toEqual([0, 0, 3600])
    await pay({ outTradeNo: 'wrong-amount' }, { callback: 'wrong-amount', callbackTotalFeeFen: 1 })
    expect(sim.calls[3]?.event.totalFee).toBe(1)
    expect(await sim.pay('queryOrder', { outTradeNo: 'wrong-amount' })).toMatchObject({ total_fee: 100 })
  })

  it('can be forged by a client, which pays nothing and shows in the source', async () => {
    const sim = simulator()
    await sim.pay('unifiedOrder', order('a'))
    const { forged } = await sim.wechat.control.payments.pay({ outTradeNo: 'a' }, { callback: 'forged' })
    expect(forged).toMatchObject({ ok: true })
    expect(sim.calls[0]).toMatchObject({
      source: 'wx_client',
      identity: { openid: BUYER },
      event: { resultCode: 'SUCCESS', totalFee: 100 },
    })
    expect(await sim.pay('queryOrder', { outTradeNo: 'a' })).toMatchObject({ trade_state: 'NOTPAY' })
  })

  it('follows the faults: lost before it arrives, answer lost, doubled', async () => {
    const sim = simulator()
    await sim.pay('unifiedOrder', order('a'))
    const rule = { service: 'wechat', operation: 'pay.callback', times: 1 }
    sim.faults.add({ ...rule, effect: { kind: 'error', code: 'LOST' } })
    await sim.wechat.control.payments.pay({ outTradeNo: 'a' })
    expect(sim.calls).toHaveLength(0)
    sim.faults.add({ ...rule, effect: { kind: 'reply-lost' } })
    await sim.clock.advance(15_000)
    expect(sim.calls).toHaveLength(1)
    sim.faults.add({ ...rule, effect: { kind: 'duplicate' } })
    await sim.clock.advance(15_000)
    expect(sim.calls).toHaveLength(3)
    expect(sim.wechat.control.payments.get({ outTradeNo: 'a' }).notices).toMatchObject([
      { state: 'accepted', attempts: [{ outcome: 'lost' }, { outcome: 'lost' }, { outcome: 'accepted' }] },
    ])
  })
})

describe('the notice of a refund', () => {
  it('comes when the refund is settled, without attach', async () => {
    const sim = simulator()
    await sim.pay('unifiedOrder', order('a', { attach: 'note' }))
    await sim.wechat.control.payments.pay({ outTradeNo: 'a' })
    await sim.wechat.control.payments.plans.add({ settleAfterMs: 60_000 })
    await sim.pay('refund', refund)
    await sim.clock.advance(59_999)
    expect(sim.calls).toHaveLength(1)
    await sim.clock.advance(1)
    expect(sim.calls).toHaveLength(2)
    expect(sim.calls[1]?.event).toMatchObject({
      refundStatus: 'SUCCESS',
      outRefundNo: 'r1',
      refundFee: 40,
      totalFee: 100,
      successTime: '2026-03-01 10:01:00',
    })
    expect(sim.calls[1]?.event).not.toHaveProperty('attach')
  })

  it('can arrive before the notice of the payment', async () => {
    const sim = simulator()
    await sim.pay('unifiedOrder', order('a'))
    await sim.wechat.control.payments.pay({ outTradeNo: 'a' }, { callback: 'late', delayMs: 60_000 })
    await sim.pay('refund', refund)
    await sim.clock.advance(60_000)
    expect(sim.calls.map(({ event }) => event.refundStatus ?? event.resultCode)).toEqual([
      'SUCCESS',
      'SUCCESS',
    ])
    expect(sim.calls[0]?.event).toHaveProperty('outRefundNo')
  })

  it('tells a refund that went wrong, twice if so planned, and nobody when no function was named', async () => {
    const sim = simulator()
    await sim.paidOrder('a', 100)
    const { plans } = sim.wechat.control.payments
    await plans.add({ status: 'CHANGE', callback: 'twice' })
    await sim.pay('refund', refund)
    await sim.pay('refund', { ...refund, outRefundNo: 'r2', functionName: undefined })
    await sim.clock.advance(2 * DAY_MS)
    expect(sim.calls.slice(1).map(({ event }) => event.refundStatus)).toEqual(['CHANGE', 'CHANGE'])
    expect(plans.list()).toEqual([])
  })
})

describe('on a real clock', () => {
  it('refunds settle and are told without being asked', async () => {
    const sim = simulator({ mode: 'real' })
    await sim.paidOrder('a', 100)
    const told = new Promise<unknown>((resolve) => sim.answer((call: FunctionCall) => resolve(call.event)))
    await sim.pay('refund', refund)
    expect(await told).toMatchObject({ refundStatus: 'SUCCESS' })
    await sim.wechat.stop()
    sim.clock.stop()
  })

  it('a slow function does not hold up the other alarms', async () => {
    const sim = simulator({ mode: 'real' })
    await sim.pay('unifiedOrder', order('a'))
    let ring = () => {}
    const otherAlarm = new Promise<void>((resolve) => {
      ring = resolve
    })
    // The function answers only when an alarm has rung that is due after its own call.
    sim.answer(() => otherAlarm.then(() => ({ errcode: 0 })))
    sim.clock.at(sim.clock.nowMs() + 60, ring)
    await sim.wechat.control.payments.pay({ outTradeNo: 'a' }, { callback: 'late', delayMs: 1 })
    await otherAlarm
    await sim.wechat.stop()
    sim.clock.stop()
    expect(sim.wechat.control.payments.get({ outTradeNo: 'a' }).notices).toMatchObject([
      { state: 'accepted' },
    ])
  })
})

describe('a restart', () => {
  it('goes on with what was pending: retries, late notices, refunds under way', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wechat-'))
    const firstState = createState(folder)
    const before = simulator({ state: firstState })
    await before.pay('unifiedOrder', order('a'))
    await before.pay('unifiedOrder', order('b'))
    before.answer({ errcode: 1 })
    await before.wechat.control.payments.pay({ outTradeNo: 'a' })
    await before.wechat.control.payments.pay({ outTradeNo: 'b' }, { callback: 'late', delayMs: 60_000 })
    await before.wechat.control.payments.plans.add({ settleAfterMs: 30_000 })
    await before.pay('refund', { ...refund })
    await before.wechat.stop()
    await firstState.stop()
    await before.clock.advance(DAY_MS)
    expect(before.calls).toHaveLength(1)

    const state = createState(folder)
    const after = simulator({ state, startMs: START_MS + 20_000 })
    await after.wechat.start()
    await after.clock.advance(0)
    expect(after.calls.map(({ event }) => event.outTradeNo)).toEqual(['a'])
    await after.clock.advance(DAY_MS)
    expect(secondsOf(after)).toEqual([20, 30, 60])
    expect(after.calls.map(({ event }) => event.outRefundNo)).toEqual([undefined, 'r1', undefined])
    await after.wechat.stop()
    await state.stop()
    rmSync(folder, { recursive: true })
  })

  it('stops also when it was never started', async () => {
    await expect(simulator().wechat.stop()).resolves.toBeUndefined()
  })
})
