/** Handing refunds to WeChat: no answer, two senders at once, one that is at fault. */
import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { openShop } from '../order/shop.fixture.ts'

const MINUTE_MS = 60_000

let cloud: UnitCloud
let orderId: string

beforeEach(async () => {
  cloud = await unitCloud({ functions: { jobs: () => import('./jobs.fixture.ts') } })
  orderId = await (await openShop(cloud)).paidOrder('buyer1')
})

const run = (job: string) => cloud.as('nobody').ok(`jobs/${job}`)
const payment = () => cloud.collection('payments').get(orderId)
const refund = (input: object) =>
  cloud.as('admin').call('payment/refund', { orderId, refundFen: 1_000, reason: 'damaged', ...input })
const onlyRefund = async () => (await cloud.collection('refunds').all())[0] ?? {}

describe('a refund that is sent', () => {
  it('is not given up while WeChat does not answer: it may have it, and the money stays set aside', async () => {
    cloud.fail('cloudPay.refund', { code: 'SYS_ERR', times: 6 })
    await refund({})
    await cloud.collection('refunds').set(String((await onlyRefund())._id), { attempts: 7 })
    await cloud.clock.advance(MINUTE_MS)
    await run('syncRefunds')
    expect(await onlyRefund()).toMatchObject({ state: 'pending', failure: 'no answer' })
    expect(await payment()).toMatchObject({ refundingFen: 1_000 })
  })

  it('is not given up by one sender when another was accepted meanwhile', async () => {
    await cloud.wechat.control.payments.plans.add({ error: 'SYSTEMERROR' })
    await refund({})
    const { _id: refundId } = await onlyRefund()
    await cloud.collection('refunds').set(String(refundId), { attempts: 7 })
    cloud.override('cloudPay.refund', async () => {
      await cloud.collection('refunds').set(String(refundId), { state: 'processing', version: 9 })
      return { returnCode: 'SUCCESS', resultCode: 'FAIL', errCodeDes: 'FREQUENCY_LIMITED' }
    })
    const answer = await cloud.as('admin').ok('payment/retryRefund', { refundId })
    expect(answer).toMatchObject({ state: 'processing' })
    expect(await payment()).toMatchObject({ refundingFen: 1_000 })
  })

  it('does not keep the others waiting when it is at fault, and the run is seen to have failed', async () => {
    cloud.override('cloudPay.refund', (data) => {
      if ((data as { refundFee: number }).refundFee === 100) throw { errCode: 40_097, errMsg: 'invalid args' }
      return { returnCode: 'SUCCESS', resultCode: 'FAIL', errCodeDes: 'SYSTEMERROR' }
    })
    expect(await refund({ refundFen: 100 })).toMatchObject({ error: 'INTERNAL' })
    await cloud.clock.advance(1)
    await refund({ refundFen: 200 })
    await cloud.clock.advance(MINUTE_MS)
    expect(await cloud.as('nobody').call('jobs/syncRefunds')).toMatchObject({ error: 'INTERNAL' })
    const refunds = await cloud.collection('refunds').all()
    expect(refunds.find(({ refundFen }) => refundFen === 200)).toMatchObject({ attempts: 2 })
  })
})
