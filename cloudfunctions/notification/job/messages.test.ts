import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

const WECHAT_ID = 'tmpl_order_paid_0001'
const SEND = 'openapi.subscribeMessage.send'
const MINUTE_MS = 60_000

interface JobRow {
  jobId: string
  status: string
  attempts: number
  lastError: string | null
}

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
})
afterEach(() => {
  vi.useRealTimers()
})

const save = (more: object = {}) =>
  cloud.as('admin').ok('notification/saveTemplate', {
    code: 'order.paid',
    wechatTemplateId: WECHAT_ID,
    fields: { character_string1: 'orderId', thing2: 'title', amount3: 'amount', time4: 'time' },
    ...more,
  })
/** The user taps "allow", and the mini program reports it. */
async function agree(times = 1): Promise<void> {
  for (let i = 0; i < times; i++) {
    await cloud.wechat.control.subscriptions.grant(cloud.openid('buyer1'), WECHAT_ID)
    await cloud.as('buyer1').ok('notification/reportSubscription', { templateCodes: ['order.paid'] })
  }
}
/** An event as a call that stopped leaves it; the sweeper delivers it. */
async function deliver(id: string, type: string, more: object = {}): Promise<void> {
  const payload = {
    orderId: 'ord_1',
    userId: cloud.openid('buyer1'),
    kind: 'flash',
    lines: [],
    amountFen: 1230,
    title: '红富士苹果',
    paidAtMs: cloud.clock.nowMs(),
    ...more,
  }
  const nowMs = cloud.clock.nowMs()
  await cloud.collection('outbox').insert({
    _id: id,
    type,
    payload,
    occurredAtMs: nowMs,
    traceId: 'trace-0001',
    status: 'pending',
    doneBy: [],
    attempts: 0,
    dueAtMs: nowMs,
  })
  await sweep()
}
const sweep = () => cloud.asTimer('scheduler', 'everyMinute')
const jobs = async (data: object = {}) =>
  (await cloud.as('admin').ok<{ items: JobRow[] }>('notification/listJobs', data)).items
const sent = () => cloud.wechat.control.subscriptions.sent({ openid: cloud.openid('buyer1') })
const quota = async () => (await cloud.collection('message_quotas').all())[0]

describe('an event', () => {
  it.each([
    ['order.paid', {}, '支付成功', '红富士苹果 已支付 ￥12.30，我们会尽快发货'],
    [
      'order.shipped',
      { carrier: '顺丰', trackingNo: 'SF1' },
      '订单已发货',
      '红富士苹果 已由 顺丰 发出，单号 SF1',
    ],
    ['order.completed', {}, '订单已完成', '红富士苹果 已确认收货，感谢惠顾'],
    ['order.closed', { reason: 'expired' }, '订单已关闭', '红富士苹果 的订单已关闭：超时未支付'],
    [
      'refund.succeeded',
      { refundId: 'ref_1', refundFen: 1230, reason: '', returnGoods: false, full: true },
      '退款成功',
      '订单 ord_1 的 ￥12.30 已原路退回',
    ],
  ])('%s is told to the user', async (type, more, title, body) => {
    await deliver('evt_1', type, more)
    expect(await cloud.as('buyer1').ok('notification/inbox')).toMatchObject({
      items: [
        { code: type, title, body, page: 'pages/order-detail/order-detail?orderId=ord_1', isRead: false },
      ],
      unreadCount: 1,
    })
  })

  it('is told once however often it is delivered, in the inbox and by message', async () => {
    await save()
    await agree(3)
    await deliver('evt_1', 'order.paid')
    const [record] = await cloud.collection('outbox').all()
    await cloud.collection('outbox').set(String(record?._id), { status: 'pending', doneBy: [], dueAtMs: 0 })
    await cloud.clock.advance(MINUTE_MS)
    await sweep()
    expect(await cloud.collection('inbox_messages').all()).toHaveLength(1)
    expect(sent()).toHaveLength(1)
    expect(await quota()).toMatchObject({ remaining: 2, heldBy: [] })
  })
})

describe('a subscribe message', () => {
  it('carries the values in the fields of the template, and takes one of what the user agreed to', async () => {
    await save()
    await agree()
    await deliver('evt_1', 'order.paid')
    expect(sent()).toMatchObject([
      {
        templateId: WECHAT_ID,
        page: 'pages/order-detail/order-detail?orderId=ord_1',
        data: {
          character_string1: { value: 'ord_1' },
          thing2: { value: '红富士苹果' },
          amount3: { value: '￥12.30' },
          time4: { value: '2026-01-05 10:00' },
        },
      },
    ])
    expect(await jobs()).toMatchObject([{ status: 'sent', attempts: 1, lastError: null }])
    expect(await quota()).toMatchObject({ remaining: 0, heldBy: [] })
  })

  it('is not tried for users who agreed to nothing, nor without a template', async () => {
    await deliver('evt_1', 'order.paid')
    await save()
    await cloud.clock.advance(MINUTE_MS)
    await deliver('evt_2', 'order.paid')
    await save({ enabled: false })
    await cloud.clock.advance(MINUTE_MS)
    await deliver('evt_3', 'order.paid')
    expect(await jobs()).toEqual([])
    expect(await cloud.collection('inbox_messages').all()).toHaveLength(3)
  })

  it('that the user refuses empties the quota and is not tried again', async () => {
    await save()
    await cloud.as('buyer1').ok('notification/reportSubscription', { templateCodes: ['order.paid'] })
    await cloud.as('buyer1').ok('notification/reportSubscription', { templateCodes: ['order.paid'] })
    await deliver('evt_1', 'order.paid')
    expect(await jobs()).toMatchObject([{ status: 'refused', attempts: 1 }])
    expect(await quota()).toMatchObject({ remaining: 0, heldBy: [] })
    await cloud.clock.advance(10 * MINUTE_MS)
    await sweep()
    expect(await jobs()).toMatchObject([{ status: 'refused', attempts: 1 }])
  })

  it('with wrong data waits for an operator, costs the user nothing, and goes out once the template is repaired', async () => {
    await save({ fields: { number1: 'title' } })
    await agree()
    await deliver('evt_1', 'order.paid')
    const [job] = await jobs({ status: 'failed' })
    expect(job).toMatchObject({ attempts: 1, lastError: expect.stringContaining('number1') })
    expect(await quota()).toMatchObject({ remaining: 1, heldBy: [] })

    await save({ fields: { thing1: 'title' } })
    const reply = await cloud.as('admin').ok('notification/replayJob', { jobId: job?.jobId })
    expect(reply).toMatchObject({ status: 'sent' })
    expect(sent()).toMatchObject([{ data: { thing1: { value: '红富士苹果' } } }])
  })

  it('is tried again later when WeChat does not answer, without failing the event', async () => {
    await save()
    await agree()
    cloud.fail(SEND, { code: 'SYS_ERR', times: 1 })
    await deliver('evt_1', 'order.paid')
    expect(await jobs()).toMatchObject([{ status: 'pending', attempts: 1 }])
    expect(await cloud.collection('outbox').all()).toMatchObject([{ status: 'done' }])
    expect(sent()).toEqual([])
    await cloud.clock.advance(MINUTE_MS)
    await sweep()
    expect(sent()).toHaveLength(1)
    expect(await jobs()).toMatchObject([{ status: 'sent', attempts: 2 }])
    expect(await quota()).toMatchObject({ remaining: 0, heldBy: [] })
  })

  it('is given up after five tries, and can be replayed', async () => {
    await save()
    await agree()
    cloud.fail(SEND, { code: 'SYS_ERR', times: 5 })
    await deliver('evt_1', 'order.paid')
    for (let i = 0; i < 5; i++) {
      await cloud.clock.advance(130 * MINUTE_MS)
      await sweep()
    }
    const [job] = await jobs({ status: 'dead' })
    expect(job).toMatchObject({ attempts: 5 })
    expect(await quota()).toMatchObject({ remaining: 1, heldBy: [] })
    await cloud.as('admin').ok('notification/replayJob', { jobId: job?.jobId })
    expect(sent()).toHaveLength(1)
  })

  it('that a crash left claimed is taken over when the claim has run out, and takes no second unit', async () => {
    await save()
    await agree(2)
    cloud.fail(SEND, { code: 'SYS_ERR', times: 1 })
    await deliver('evt_1', 'order.paid')
    expect(await quota()).toMatchObject({ remaining: 1, heldBy: [expect.any(String)] })
    await cloud.clock.advance(MINUTE_MS)
    await sweep()
    expect(await quota()).toMatchObject({ remaining: 1, heldBy: [] })
    expect(sent()).toHaveLength(1)
  })

  it('is dropped when its template was switched off meanwhile, and gives its unit back', async () => {
    await save()
    await agree()
    cloud.fail(SEND, { code: 'SYS_ERR', times: 1 })
    await deliver('evt_1', 'order.paid')
    await save({ enabled: false })
    await cloud.clock.advance(2 * MINUTE_MS)
    await sweep()
    expect(await jobs()).toMatchObject([{ status: 'dropped' }])
    expect(await quota()).toMatchObject({ remaining: 1, heldBy: [] })
  })

  it('does not keep the event waiting for a WeChat that hangs', async () => {
    await save()
    await agree()
    // Nothing else waits for a timer here, so that the one that gives WeChat up may come at once.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }).setTimerTickMode('nextTimerAsync')
    cloud.override(SEND, () => new Promise(() => {}))
    await deliver('evt_1', 'order.paid')
    expect(await jobs()).toMatchObject([{ status: 'pending', lastError: 'no answer within 1200 ms' }])
  })
})

describe('notification/replayJob', () => {
  it('refuses what was sent, what the user refused, and what is not there', async () => {
    await save()
    await agree()
    await deliver('evt_1', 'order.paid')
    const [job] = await jobs()
    const replay = (jobId?: string) => cloud.as('admin').refused('notification/replayJob', { jobId })
    expect(await replay(job?.jobId)).toBe('MESSAGE_STATE')
    expect(await replay('none')).toBe('NOT_FOUND')
    expect(await replay()).toBe('INVALID_INPUT')
  })

  it('sends once when two operators press at the same time', async () => {
    await save({ fields: { number1: 'title' } })
    await agree(2)
    await deliver('evt_1', 'order.paid')
    const [job] = await jobs()
    await save({ fields: { thing1: 'title' } })
    const replies = await Promise.all([
      cloud.as('admin').call('notification/replayJob', { jobId: job?.jobId }),
      cloud.as('admin').call('notification/replayJob', { jobId: job?.jobId }),
    ])
    expect(replies.filter(({ code }) => code === 0)).toHaveLength(1)
    expect(sent()).toHaveLength(1)
  })
})

describe('notification/listJobs', () => {
  it('filters by kind, and is for operators', async () => {
    await save()
    await agree()
    await deliver('evt_1', 'order.paid')
    expect(await jobs({ code: 'order.paid' })).toHaveLength(1)
    expect(await jobs({ code: 'order.closed' })).toEqual([])
    expect(await cloud.as('buyer1').refused('notification/listJobs')).toBe('FORBIDDEN')
    expect(await cloud.as('buyer1').refused('notification/replayJob', { jobId: 'x' })).toBe('FORBIDDEN')
  })
})

describe('cleanMessages', () => {
  it('removes jobs that ended three months ago and keeps the rest', async () => {
    await save()
    await agree(2)
    await deliver('evt_1', 'order.paid')
    await cloud.clock.advance(90 * 24 * 60 * MINUTE_MS)
    await deliver('evt_2', 'order.paid')
    expect(await jobs()).toMatchObject([{ eventId: 'evt_2' }])
  })
})
