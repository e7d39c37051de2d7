import { describe, expect, it } from 'vitest'
import { callApi } from '../call-api.fixture.ts'
import { BUYER, simulator } from '../simulator.fixture.ts'

function openapi(sim = simulator()) {
  const call = (apiName: string, args: Record<string, unknown>) => callApi(sim, apiName, args)
  return { ...sim, call }
}

describe('subscribeMessage.send', () => {
  const message = { touser: BUYER, template_id: 't1', data: { thing1: { value: '苹果' } } }

  it('needs one permission of the user per message', async () => {
    const { call, wechat } = openapi()
    expect(await call('subscribeMessage.send', message)).toMatchObject({ errcode: 43101 })
    await wechat.control.subscriptions.grant(BUYER, 't1', 2)
    await wechat.control.subscriptions.grant(BUYER, 't2')
    const codes = await Promise.all([1, 2, 3].map(() => call('subscribeMessage.send', message)))
    expect(codes.map((reply) => reply.errcode)).toEqual([0, 0, 43101])
    expect(wechat.control.subscriptions.grants({ templateId: 't2' })).toMatchObject([{ count: 1 }])
    expect(wechat.control.subscriptions.sent({ openid: BUYER })).toHaveLength(2)
  })

  it.each([
    [40003, { touser: 'nobody' }],
    [40003, { touser: undefined }],
    [40037, { template_id: '' }],
    [47003, { data: {} }],
    [47003, { data: { thing1: '苹果' } }],
    [47003, { data: { thing1: { value: '' } } }],
    [47003, { data: { thing1: { value: '果'.repeat(21) } } }],
    [47003, { data: { amount2: { value: '很多' } } }],
    [47003, { data: { phrase3: { value: 'paid' } } }],
    [47003, { data: { character_string4: { value: '订单' } } }],
  ])('refuses with %i and keeps the permission: %j', async (errcode, changes) => {
    const { call, wechat } = openapi()
    await wechat.control.subscriptions.grant(BUYER, 't1')
    expect(await call('subscribeMessage.send', { ...message, ...changes })).toMatchObject({ errcode })
    expect(wechat.control.subscriptions.grants()).toMatchObject([{ count: 1 }])
  })

  it('takes the values that real templates carry', async () => {
    const { call, wechat } = openapi()
    await wechat.control.subscriptions.grant(BUYER, 't1')
    const data = {
      thing1: { value: '果'.repeat(20) },
      amount2: { value: '￥12.50' },
      character_string3: { value: 'ord_2026-03' },
      date4: { value: '2026年3月1日 10:00' },
      phrase5: { value: '已发货' },
      number6: { value: 3 },
    }
    expect(await call('subscribeMessage.send', { ...message, data })).toMatchObject({ errcode: 0 })
  })
})

describe('security.msgSecCheck', () => {
  const text = { version: 2, scene: 2, openid: BUYER, content: 'hello' }

  it('passes, doubts or refuses by the words that it is given', async () => {
    const { call, wechat } = openapi()
    await wechat.control.words.set([
      { word: 'Maybe', suggest: 'review', label: 10001 },
      { word: 'never', suggest: 'risky', label: 20006 },
    ])
    const judge = async (content: string) => (await call('security.msgSecCheck', { ...text, content })).result
    expect(await judge('hello')).toEqual({ suggest: 'pass', label: 100 })
    expect(await judge('maybe so')).toEqual({ suggest: 'review', label: 10001 })
    expect(await judge('maybe NEVER')).toEqual({ suggest: 'risky', label: 20006 })
  })

  it.each([
    [40129, { scene: 5 }],
    [40129, { scene: undefined }],
    [45002, { content: 'x'.repeat(2501) }],
    [44002, { content: '' }],
    [40003, { openid: 'x' }],
    [47001, { version: 3 }],
    [87014, { version: undefined, content: '测试违规' }],
  ])('refuses with %i: %j', async (errcode, changes) => {
    const { call } = openapi()
    expect(await call('security.msgSecCheck', { ...text, ...changes })).toMatchObject({ errcode })
  })
})

describe('phonenumber.getPhoneNumber', () => {
  it('gives the number for a code once, and for five minutes', async () => {
    const { call, wechat, clock } = openapi()
    const { code, phoneNumber } = await wechat.control.phoneCodes.issue(BUYER)
    const replies = await Promise.all([1, 2].map(() => call('phonenumber.getPhoneNumber', { code })))
    expect(replies).toMatchObject([{ phone_info: { phoneNumber } }, { errcode: 40029 }])
    const late = await wechat.control.phoneCodes.issue(BUYER)
    await clock.advance(5 * 60_000)
    expect(await call('phonenumber.getPhoneNumber', { code: late.code })).toMatchObject({ errcode: 40029 })
    expect(await call('phonenumber.getPhoneNumber', {})).toMatchObject({ errcode: 40029 })
  })
})
