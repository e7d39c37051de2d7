import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { simulator } from '../simulator.fixture.ts'

describe('refunds of one payment', () => {
  it('never sum to more than was paid, whatever is asked, repeated, raced, refused or closed', async () => {
    const request = fc.record({
      number: fc.integer({ min: 1, max: 6 }),
      fee: fc.integer({ min: 1, max: 120 }),
      plan: fc.constantFrom(
        {},
        { error: 'SYSTEMERROR' },
        { error: 'SYSTEMERROR', acceptedAnyway: true },
        { status: 'REFUNDCLOSE' as const },
        { status: 'CHANGE' as const },
      ),
      settle: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(request, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        async (rounds) => {
          const sim = simulator()
          await sim.paidOrder('a', 100)
          /** What callers were told is on its way, by refund number. */
          const promisedFen = new Map<string, number>()
          for (const parallel of rounds) {
            await Promise.all(
              parallel.map(async ({ number, fee, plan }) => {
                await sim.wechat.control.payments.plans.add(plan)
                const outRefundNo = `r${number}`
                const asked = { outTradeNo: 'a', outRefundNo, refundFee: fee, totalFee: 100 }
                const reply = await sim.pay('refund', asked)
                if (reply.result_code === 'SUCCESS') promisedFen.set(outRefundNo, fee)
              }),
            )
            if (parallel.some(({ settle }) => settle)) await sim.clock.advance(0)
            const refunds = sim.wechat.control.payments.refunds()
            const sumFen = refunds
              .filter(({ status }) => status !== 'REFUNDCLOSE')
              .reduce((sum, { refundFeeFen }) => sum + refundFeeFen, 0)
            expect(sumFen).toBeLessThanOrEqual(100)
            expect(sim.wechat.control.payments.get({ outTradeNo: 'a' }).refundableFen).toBe(100 - sumFen)
            const recordedFen = new Map(refunds.map((refund) => [refund.outRefundNo, refund.refundFeeFen]))
            for (const [number, fen] of promisedFen) expect(recordedFen.get(number)).toBe(fen)
            expect(new Set(refunds.map(({ outRefundNo }) => outRefundNo)).size).toBe(refunds.length)
          }
        },
      ),
      { numRuns: 100 },
    )
  })
})
