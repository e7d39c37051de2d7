import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'
import { templateData } from './model.ts'

const WECHAT_ID = 'tmpl_order_paid_0001'
const paid = {
  code: 'order.paid',
  wechatTemplateId: WECHAT_ID,
  fields: { character_string1: 'orderId', thing2: 'title', amount3: 'amount', time4: 'time' },
}

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
})

describe('notification/saveTemplate and notification/templates', () => {
  it('connect a kind of message with a WeChat template', async () => {
    await cloud.as('admin').ok('notification/saveTemplate', paid)
    const { items } = await cloud
      .as('admin')
      .ok<{ items: { code: string; enabled: boolean; wechatTemplateId: string | null }[] }>(
        'notification/templates',
      )
    expect(items.map(({ code, enabled }) => [code, enabled])).toEqual([
      ['order.paid', true],
      ['order.shipped', false],
      ['order.completed', false],
      ['order.closed', false],
      ['refund.succeeded', false],
      ['community.mentioned', false],
      ['community.commented', false],
      ['community.judged', false],
      ['approval.asked', false],
      ['approval.urged', false],
      ['approval.ended', false],
    ])
    expect(items[0]).toMatchObject({ wechatTemplateId: WECHAT_ID, values: { orderId: '订单编号' } })
    expect(await cloud.collection('audit_entries').all()).toMatchObject([{ action: 'template.save' }])
  })

  it('refuse a kind that nothing sends', async () => {
    for (const code of ['order.lost', 'toString']) {
      expect(await cloud.as('admin').refused('notification/saveTemplate', { ...paid, code })).toBe(
        'TEMPLATE_UNKNOWN',
      )
    }
  })

  it.each([
    ['a value that this message does not have', { fields: { thing1: 'trackingNo' } }],
    ['a field that WeChat does not name so', { fields: { 'thing.1': 'title' } }],
    ['no field', { fields: {} }],
    ['six fields', { fields: Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`thing${n}`, 'title'])) }],
    ['no template id', { wechatTemplateId: '' }],
  ])('refuse %s', async (_what, wrong) => {
    expect(await cloud.as('admin').refused('notification/saveTemplate', { ...paid, ...wrong })).toBe(
      'INVALID_INPUT',
    )
  })

  it('are for operators', async () => {
    expect(await cloud.as('buyer1').refused('notification/templates')).toBe('FORBIDDEN')
    expect(await cloud.as('buyer1').refused('notification/saveTemplate', paid)).toBe('FORBIDDEN')
  })
})

describe('notification/reportSubscription and notification/subscribable', () => {
  const report = (templateCodes: string[], requestId?: string) =>
    cloud.as('buyer1').call('notification/reportSubscription', { templateCodes }, { requestId })

  it('count what a user agreed to, once per request', async () => {
    await cloud.as('admin').ok('notification/saveTemplate', paid)
    await Promise.all(Array.from({ length: 10 }, () => report(['order.paid'], 'request-0001')))
    expect(await report(['order.paid', 'order.paid'])).toMatchObject({
      data: { remaining: { 'order.paid': 2 } },
    })
    expect(await cloud.as('buyer1').ok('notification/subscribable')).toEqual({
      items: [{ templateCode: 'order.paid', title: '支付成功', wechatTemplateId: WECHAT_ID, remaining: 2 }],
    })
    expect(await cloud.as('buyer2').ok('notification/subscribable')).toMatchObject({
      items: [{ remaining: 0 }],
    })
  })

  it('refuse the request id of another agreement', async () => {
    await cloud.as('admin').ok('notification/saveTemplate', paid)
    const shipped = { ...paid, code: 'order.shipped', fields: { character_string1: 'orderId' } }
    await cloud.as('admin').ok('notification/saveTemplate', shipped)
    expect(await report(['order.paid'], 'request-0001')).toMatchObject({ code: 0 })
    expect(await report(['order.shipped'], 'request-0001')).toMatchObject({ error: 'REQUEST_ID_REUSED' })
  })

  it('count to a hundred', async () => {
    await cloud.as('admin').ok('notification/saveTemplate', paid)
    await report(['order.paid'])
    const [quota] = await cloud.collection('message_quotas').all()
    await cloud.collection('message_quotas').set(String(quota?._id), { remaining: 100 })
    expect(await report(['order.paid'])).toMatchObject({ data: { remaining: { 'order.paid': 100 } } })
  })

  it('refuse what no template sends, none, and more than WeChat asks for at once', async () => {
    expect(await report(['order.paid'])).toMatchObject({ error: 'TEMPLATE_UNKNOWN' })
    expect(await report([])).toMatchObject({ error: 'INVALID_INPUT' })
    expect(await report(['a', 'b', 'c', 'd'])).toMatchObject({ error: 'INVALID_INPUT' })
  })

  it('do not offer a template that is switched off', async () => {
    await cloud.as('admin').ok('notification/saveTemplate', { ...paid, enabled: false })
    expect(await cloud.as('buyer1').ok('notification/subscribable')).toEqual({ items: [] })
  })
})

describe('templateData', () => {
  it('fills the fields, shortens words that are too long and leaves numbers whole', () => {
    const values = { title: '一'.repeat(25), trackingNo: '9'.repeat(40) }
    expect(
      templateData({ thing1: 'title', character_string2: 'trackingNo', thing3: 'missing' }, values),
    ).toEqual({
      thing1: { value: `${'一'.repeat(19)}…` },
      character_string2: { value: '9'.repeat(40) },
      thing3: { value: '' },
    })
  })
})
