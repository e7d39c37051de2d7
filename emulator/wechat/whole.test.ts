import { describe, expect, it } from 'vitest'
import { LOCAL_APPID, openidOf } from '../core/identity.ts'
import { SDK, startTestCloud, type TestCloud } from '../testing/project.ts'

const BUYER = openidOf(LOCAL_APPID, 'buyer1')

async function control(cloud: TestCloud, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${cloud.url}/control/${path}`, { method, body: JSON.stringify(body) })
  return response.json()
}

/** Calls the open API that the event names. */
const ASK = `${SDK} exports.main = async ({ name, data }) => {
  const api = name.split('.').reduce((found, part) => found[part], cloud.openapi)
  try { return await api(data) } catch ({ errCode, errMsg }) { return { errCode, errMsg } }
}`
const allowed = (...openapi: string[]) => ({ permissions: { openapi } })

describe('WeChat in the whole local cloud', () => {
  it('hands a user’s message to the function of its type, which answers in the chat', async () => {
    await using cloud = await startTestCloud({
      chat: `${SDK} exports.main = async (event) => {
        const { OPENID } = cloud.getWXContext()
        const text = { content: 'you said ' + event.Content + ', ' + (event.FromUserName === OPENID) }
        await cloud.openapi.customerServiceMessage.send({ touser: OPENID, msgtype: 'text', text })
        return 'success'
      }`,
      'cloudfunctions/chat/config.json': allowed('customerServiceMessage.send'),
    })
    const rules = [{ msgType: 'text', functionName: 'chat' }]
    expect(await control(cloud, 'PUT', 'message-push', { rules })).toEqual({ rules })
    const message = { user: 'buyer1', fields: { Content: 'hello' } }
    expect(await control(cloud, 'POST', 'message-push/messages', message)).toMatchObject({
      state: 'accepted',
    })
    expect(await control(cloud, 'GET', 'customer-messages?user=buyer1')).toMatchObject({
      messages: [{ openid: BUYER, content: { content: 'you said hello, true' }, functionName: 'chat' }],
    })
    expect(await control(cloud, 'GET', 'customer-messages?user=buyer2')).toEqual({ messages: [] })
  })

  it('tells a function by message what came of a picture that it had checked', async () => {
    await using cloud = await startTestCloud(
      {
        ask: ASK,
        'cloudfunctions/ask/config.json': allowed('security.mediaCheckAsync'),
        checked: `exports.main = async (event) => { console.log('verdict ' + event.result.suggest); return 'success' }`,
      },
      { clock: 'manual' },
    )
    const rules = [{ msgType: 'event', event: 'wxa_media_check', functionName: 'checked' }]
    await control(cloud, 'PUT', 'message-push', { rules })
    expect(await control(cloud, 'PUT', 'media-checks', { delayMs: 1_000 })).toMatchObject({
      settings: { delayMs: 1_000, hold: false },
    })
    const data = { mediaUrl: 'https://example.com/a.png', mediaType: 2, version: 2, scene: 1, openid: BUYER }
    const { body } = await cloud.post('ask', { name: 'security.mediaCheckAsync', data })
    const { traceId } = Object(body.result)
    await control(cloud, 'POST', `media-checks/${traceId}`, { suggest: 'risky', label: 20002 })
    expect(await control(cloud, 'GET', 'message-push/messages')).toMatchObject({
      messages: [{ functionName: 'checked', state: 'accepted', event: { trace_id: traceId } }],
    })
    expect(await control(cloud, 'GET', 'media-checks')).toMatchObject({
      checks: [{ traceId, verdict: { suggest: 'risky', label: 20002 } }],
    })
    expect(JSON.stringify(await control(cloud, 'GET', 'logs?function=checked'))).toContain('verdict risky')
  })

  it('makes codes for the pages of app.json only', async () => {
    await using cloud = await startTestCloud({
      'project.config.json': { miniprogramRoot: 'miniprogram/', cloudfunctionRoot: 'cloudfunctions/' },
      'miniprogram/app.json': {
        pages: ['pages/index/index'],
        subPackages: [{ root: 'shop/', pages: ['pages/item'] }],
      },
      ask: ASK,
      'cloudfunctions/ask/config.json': allowed('wxacode.getUnlimited', 'urllink.generate'),
    })
    const codeOf = async (page: string) => {
      const { body } = await cloud.post('ask', { name: 'wxacode.getUnlimited', data: { scene: 'a', page } })
      return Object(body.result).errCode
    }
    expect([await codeOf('pages/index/index'), await codeOf('shop/pages/item')]).toEqual([0, 0])
    expect(await codeOf('pages/item')).toBe(41030)
    const link = await cloud.post('ask', { name: 'urllink.generate', data: { path: '/pages/index/index' } })
    expect(link.body.result).toMatchObject({ errCode: 0 })
    const wrong = await cloud.post('ask', { name: 'urllink.generate', data: { path: 'pages/old' } })
    expect(wrong.body.result).toMatchObject({ errCode: 40165 })
  })

  it('gives APIs the answers that a person chose, to functions that may call them', async () => {
    await using cloud = await startTestCloud({
      ask: ASK,
      'cloudfunctions/ask/config.json': allowed('ocr.idcard'),
    })
    const ask = async (name: string) => (await cloud.post('ask', { name, data: {} })).body.result
    expect(await ask('ocr.idcard')).toMatchObject({ errCode: -501001 })
    await control(cloud, 'PUT', 'openapi/ocr.idcard', { body: { type: 'Front', id_num: '1' }, times: 2 })
    expect(await ask('ocr.idcard')).toMatchObject({ type: 'Front', idNum: '1', errCode: 0 })
    expect(await control(cloud, 'GET', 'openapi')).toMatchObject({ answers: [{ times: 1 }] })
    expect(await control(cloud, 'DELETE', 'openapi/ocr.idcard')).toEqual({ answers: [] })
    await control(cloud, 'PUT', 'openapi/made.up', { body: {} })
    expect(await ask('made.up')).toMatchObject({ errCode: -604101 })
    await control(cloud, 'DELETE', 'openapi')
    expect(await ask('made.up')).toMatchObject({ errCode: -604100 })
    expect(await control(cloud, 'PUT', 'openapi/made.up', { times: 0 })).toMatchObject({
      code: 'INVALID_PARAM',
    })
  })

  it('puts open data in the place of a cloud id that the page sent, for its own user', async () => {
    await using cloud = await startTestCloud({
      echo: `${SDK} exports.main = async ({ steps, id }) => ({
        steps, read: (await cloud.getOpenData({ list: [id] })).list[0] })`,
    })
    const data = { stepInfoList: [{ timestamp: 1, step: 7 }] }
    const made = await control(cloud, 'POST', 'open-data', { user: 'buyer1', type: 'weRunData', data })
    const { cloudID } = Object(made)
    const call = async (user: string) => {
      const response = await fetch(`${cloud.url}/client/functions/echo`, {
        method: 'POST',
        headers: { 'x-emulator-user': user, 'x-emulator-cloud-ids': 'steps' },
        body: JSON.stringify({ steps: cloudID, id: cloudID }),
      })
      return Object(await response.json()).result
    }
    const own = { cloudID, data: expect.objectContaining(data) }
    expect(await call('buyer1')).toEqual({ steps: own, read: own })
    const foreign = expect.objectContaining({ cloudID, errCode: -601007 })
    expect(await call('buyer2')).toEqual({ steps: foreign, read: foreign })
  })
})

describe('a shared environment', () => {
  it('opens to whom its cloudbase_auth lets in, by the name that it really has', async () => {
    await using cloud = await startTestCloud({
      visitor: `${SDK} exports.main = async ({ data }) => {
        const shared = new cloud.Cloud({ resourceAppid: 'wxother', resourceEnv: 'local' })
        await shared.init()
        return (await shared.callFunction({ name: 'host', data })).result.data
      }`,
      host: 'exports.main = async (event) => ({ data: event.greeting })',
      cloudbase_auth: `${SDK} exports.main = async () =>
        ({ errCode: cloud.getWXContext().OPENID === '${BUYER}' ? 0 : 1 })`,
    })
    expect((await cloud.post('visitor', { data: { greeting: 'hello' } })).body.result).toBe('hello')
    const refused = await cloud.post('visitor', { data: {} }, 'buyer2')
    expect(refused.body.errMsg).toContain('-601017')
  })
})

describe('WeChat Pay v3 in the whole local cloud', () => {
  const order = { description: '苹果', out_trade_no: 'v3-order', amount: { total: 100 } }
  const files = {
    shop: `${SDK} exports.main = async ({ type, data }) => (await cloud.callFunction({
      name: 'cloudbase_module', data: { name: type, data: { payer: { openid: cloud.getWXContext().OPENID }, ...data } } })).result`,
    wxpay_order_callback: `exports.main = async ({ resource }) => {
      console.log('paid ' + resource.json.out_trade_no)
      return { code: 'SUCCESS' }
    }`,
  }

  it('is reached through cloudbase_module, and calls the function of the template back', async () => {
    await using cloud = await startTestCloud(files)
    const placed = await cloud.post('shop', { type: 'wxpay_order', data: order })
    expect(placed.body.result).toMatchObject({ code: 0, data: { signType: 'RSA' } })
    expect(await control(cloud, 'POST', 'payments/pay', { outTradeNo: 'v3-order' })).toMatchObject({
      payment: { tradeState: 'SUCCESS', openid: BUYER },
      attempts: [{ outcome: 'accepted' }],
    })
    const found = await cloud.post('shop', { type: 'wxpay_query_order_by_out_trade_no', data: order })
    expect(found.body.result).toMatchObject({ data: { trade_state: 'SUCCESS' } })
    expect(cloud.cost.totals().byFunction).toHaveProperty('shop')
  })

  it('is reached under /wx-pay, and calls an address back', async () => {
    await using cloud = await startTestCloud({
      notified: `exports.main = async (event) => {
        const { ParsedContent } = JSON.parse(event.body)
        console.log('told of ' + ParsedContent.out_trade_no)
        return { code: 'SUCCESS' }
      }`,
    })
    const callbacks = { order: '/http/notified/wx-pay/unifiedOrderTrigger', refund: 'nobody' }
    expect(await control(cloud, 'PUT', 'payments/v3', callbacks)).toEqual({ callbacks })
    const response = await fetch(`${cloud.url}/wx-pay/wxpay_order`, {
      method: 'POST',
      headers: { 'x-emulator-user': 'buyer1' },
      body: JSON.stringify(order),
    })
    expect(await response.json()).toMatchObject({
      code: 0,
      data: { packageVal: expect.stringMatching(/^prepay_id=/) },
    })
    expect(await control(cloud, 'POST', 'payments/pay', { outTradeNo: 'v3-order' })).toMatchObject({
      payment: { openid: BUYER },
      attempts: [{ outcome: 'accepted' }],
    })
    expect(JSON.stringify(await control(cloud, 'GET', 'logs?function=notified'))).toContain(
      'told of v3-order',
    )
  })

  it('leaves a project its own cloudbase_module', async () => {
    await using cloud = await startTestCloud({ ...files, cloudbase_module: `exports.main = () => 'mine'` })
    expect((await cloud.post('shop', { type: 'wxpay_order', data: order })).body.result).toBe('mine')
  })
})
