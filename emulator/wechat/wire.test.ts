import { assert, asyncProperty, constantFrom, uint8Array } from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WireError } from '../core/errors.ts'
import { LOCAL_APPID } from '../core/identity.ts'
import { type SdkServer, startSdkServer } from './sdk-server.fixture.ts'
import { BUYER, order, simulator } from './simulator.fixture.ts'

/** The other side of every test here is the real, unmodified SDK: what it encodes we decode, and back. */
describe('the wire of wx-server-sdk', () => {
  const caller: { functionName?: string; openid?: string } = { functionName: 'notify', openid: BUYER }
  const sharing = { isOffered: false }
  const { wechat, state, answer, calls } = simulator({
    permissions: [
      ...['subscribeMessage.send', 'phonenumber.getPhoneNumber', 'wxacode.getUnlimited', 'img.aiCrop'],
      ...['customerServiceMessage.uploadTempMedia', 'customerServiceMessage.getTempMedia'],
    ],
    isFunction: (name) => name === 'cloudbase_auth' && sharing.isOffered,
  })
  let sdk: SdkServer
  beforeAll(async () => {
    sdk = await startSdkServer(wechat, caller)
  })
  afterAll(async () => {
    await sdk.close()
    await wechat.stop()
    await state.stop()
  })

  it('carries the arguments of an open API there and its result back, in camelCase', async () => {
    await wechat.control.subscriptions.grant(BUYER, 'tmpl-1')
    const reply = await sdk.cloud.openapi.subscribeMessage.send({
      touser: BUYER,
      templateId: 'tmpl-1',
      page: 'pages/order?id=1',
      data: { thing1: { value: '苹果 "红"' }, amount2: { value: '￥12.50' } },
    })
    expect(reply).toEqual({ errCode: 0, errMsg: 'openapi.subscribeMessage.send:ok' })
    expect(wechat.control.subscriptions.sent()[0]).toMatchObject({
      openid: BUYER,
      page: 'pages/order?id=1',
      data: { thing1: { value: '苹果 "红"' }, amount2: { value: '￥12.50' } },
      functionName: 'notify',
    })
  })

  it('throws the errcode of an API as errCode', async () => {
    await expect(
      sdk.cloud.openapi.subscribeMessage.send({
        touser: BUYER,
        templateId: 'tmpl-never-granted',
        data: { thing1: { value: 'x' } },
      }),
    ).rejects.toMatchObject({
      errCode: 43101,
      errMsg: expect.stringMatching(
        /^openapi\.subscribeMessage\.send:fail user refuse to accept the msg rid: /,
      ),
    })
  })

  it('gives nested results', async () => {
    const { code } = await wechat.control.phoneCodes.issue(BUYER, '13800138000')
    const reply = await sdk.cloud.openapi.phonenumber.getPhoneNumber({ code })
    expect(reply.phoneInfo).toMatchObject({ phoneNumber: '13800138000', countryCode: '86' })
  })

  it('refuses an API that the function did not declare with -604101', async () => {
    await expect(sdk.cloud.openapi.security.msgSecCheck({ content: 'hi' })).rejects.toMatchObject({
      errCode: -604101,
    })
  })

  it('refuses any API to a function without config.json with -604101', async () => {
    caller.functionName = 'unknown'
    await expect(sdk.cloud.openapi.subscribeMessage.send({})).rejects.toMatchObject({ errCode: -604101 })
    caller.functionName = 'notify'
  })

  it('refuses a misspelt API with -604100', async () => {
    await expect(sdk.cloud.openapi.subscribeMesage.send({})).rejects.toMatchObject({ errCode: -604100 })
  })

  it('names an API that WeChat has and we do not yet, and how to give it an answer', async () => {
    const picture = { contentType: 'image/png', value: Buffer.from([0x89, 0xff, 0x00]) }
    await expect(sdk.cloud.openapi.img.aiCrop({ img: picture })).rejects.toMatchObject({
      errMsg: expect.stringMatching(/not emulated yet: openapi\.img\.aiCrop; PUT \/control\/openapi/),
    })
  })

  it('gives a canned answer in the place of an API, as often as it was asked to', async () => {
    const { canned } = wechat.control
    await canned.set({ name: 'img.aiCrop', body: { img_size: { w: 100, h: 80 } }, times: 1 })
    const reply = await sdk.cloud.openapi.img.aiCrop({ imgUrl: 'https://example.com/a.png' })
    expect(reply).toMatchObject({ imgSize: { w: 100, h: 80 }, errCode: 0, errMsg: 'openapi.img.aiCrop:ok' })
    expect(canned.list()).toEqual([])
    await canned.set({ name: 'made.up', binary: { contentType: 'audio/mp3', base64: 'AQID' } })
    await expect(sdk.cloud.openapi.made.up({})).rejects.toMatchObject({ errCode: -604101 })
    caller.functionName = undefined
    const file = await sdk.cloud.openapi.made.up({})
    expect(file).toMatchObject({ contentType: 'audio/mp3', buffer: Buffer.from([1, 2, 3]) })
    await canned.set({ name: 'made.up', errcode: -604102 })
    await expect(sdk.cloud.openapi.made.up({})).rejects.toMatchObject({ errCode: -604102 })
    await canned.set({ name: 'cloudPay.facePay', body: { return_code: 'SUCCESS' } })
    expect(await sdk.cloud.cloudPay.facePay({})).toMatchObject({ returnCode: 'SUCCESS' })
    await canned.clear()
    caller.functionName = 'notify'
    await expect(sdk.cloud.openapi.made.up({})).rejects.toMatchObject({ errCode: -604100 })
  })

  it('carries a picture there and a code back', async () => {
    const { bytes } = await makePicture()
    const { mediaId } = await sdk.cloud.openapi.customerServiceMessage.uploadTempMedia({
      type: 'image',
      media: { contentType: 'image/png', value: bytes },
    })
    const back = await sdk.cloud.openapi.customerServiceMessage.getTempMedia({ mediaId: `${mediaId}` })
    expect(back).toMatchObject({ contentType: 'image/png', buffer: bytes })

    async function makePicture() {
      const code = await sdk.cloud.openapi.wxacode.getUnlimited({ scene: 'a=1', page: 'pages/index/index' })
      expect(code).toMatchObject({ contentType: 'image/jpeg', errMsg: 'openapi.wxacode.getUnlimited:ok' })
      return { bytes: Buffer.from(code.buffer as Buffer) } // `Unknown` in the SDK's types
    }
  })

  it('gives the data behind cloud ids to their own user, and says of each other one why not', async () => {
    const { cloudIds } = wechat.control
    const { cloudID } = await cloudIds.issue(BUYER, 'weRunData', {
      stepInfoList: [{ timestamp: 1, step: 2 }],
    })
    const { cloudID: foreign } = await cloudIds.issue('o-somebody-else', 'phone')
    const { list } = await sdk.cloud.getOpenData({ list: [cloudID, foreign, 'made-up'] })
    expect(list).toMatchObject([
      { cloudID, data: { stepInfoList: [{ timestamp: 1, step: 2 }], watermark: { appid: LOCAL_APPID } } },
      { cloudID: foreign, errCode: -601007 },
      { cloudID: 'made-up', errCode: -601005 },
    ])
  })

  it('signs for calls, each input differently and always the same', async () => {
    const voip = (nonce: string) => sdk.cloud.getVoIPSign({ groupId: 'g', timestamp: 1, nonce })
    const first = await voip('a')
    expect(first).toMatchObject({ signature: expect.stringMatching(/^[0-9a-f]{64}$/), errCode: 0 })
    expect(await voip('a')).toEqual(first)
    expect((await voip('b')).signature).not.toBe(first.signature)
    const { signature } = await sdk.cloud.getCloudCallSign({ parameterList: ['a', 'b'] })
    expect(signature).toMatch(/^[0-9a-f]{64}$/)
  })

  it('asks cloudbase_auth whether another account may use the environment', async () => {
    const shared = () => new sdk.cloud.Cloud({ resourceAppid: 'wxother', resourceEnv: 'local' }).init()
    await expect(shared()).rejects.toMatchObject({ errCode: -601016 })
    sharing.isOffered = true
    for (const [answerOfOwner, errCode] of [
      [{}, -601015],
      [{ errCode: 1 }, -601017],
    ] as const) {
      answer(answerOfOwner)
      await expect(shared()).rejects.toMatchObject({ errCode })
    }
    answer({ errCode: 0 })
    await shared()
    expect(calls.at(-1)).toMatchObject({
      functionName: 'cloudbase_auth',
      event: { resourceAppid: 'wxother', resourceEnv: 'local' },
      identity: { openid: BUYER },
    })
  })

  it('does not act for another mini program', async () => {
    const actAs = sdk.cloud.openapi as unknown as (options: object) => typeof sdk.cloud.openapi // untyped in the SDK
    const other = { appid: 'wxother0000000000' }
    const expected = { errMsg: expect.stringContaining('acting for the mini program wxother0000000000') }
    await expect(actAs(other).subscribeMessage.send({})).rejects.toMatchObject(expected)
    await expect(sdk.cloud.cloudPay(other).queryOrder({})).rejects.toMatchObject(expected)
  })

  it('carries the older JSON form, cloud.callOpenAPI', async () => {
    const { code } = await wechat.control.phoneCodes.issue(BUYER, '13800138001')
    const { result } = await sdk.cloud.callOpenAPI({ api: 'phonenumber.getPhoneNumber', data: { code } })
    expect(result).toMatchObject({ errcode: 0, phone_info: { phoneNumber: '13800138001' } })
  })

  it('carries a payment from the order to the query', async () => {
    const pay = sdk.cloud.cloudPay
    const placed = await pay.unifiedOrder({ ...order('wire-1'), subMchId: '1900000109', attach: 'a=1&b="2"' })
    expect(placed).toMatchObject({
      returnCode: 'SUCCESS',
      resultCode: 'SUCCESS',
      subMchId: '1900000109',
      payment: { package: `prepay_id=${placed.prepayId}`, signType: 'MD5' },
      errMsg: 'cloudPay.unifiedOrder:ok',
    })
    await wechat.control.payments.pay({ prepayId: String(placed.prepayId) })
    const found = await pay.queryOrder({ subMchId: '1900000109', outTradeNo: 'wire-1' })
    expect(found).toMatchObject({
      tradeState: 'SUCCESS',
      totalFee: 100,
      subOpenid: BUYER,
      attach: 'a=1&b="2"',
    })
  })

  it('gives a refused payment as a normal result that says FAIL; its errCode is always 0', async () => {
    const found = await sdk.cloud.cloudPay.queryOrder({ subMchId: '1900000109', outTradeNo: 'nobody' })
    // The SDK writes its own errCode over WeChat's, so only the text is left to a caller.
    expect(found).toMatchObject({ resultCode: 'FAIL', errCodeDes: '此交易订单号不存在', errCode: 0 })
  })

  it('gives the absence of a bill as a result, and names pay APIs that are missing', async () => {
    const bill = await sdk.cloud.cloudPay.downloadBill({ billDate: '20200101', billType: 'ALL' })
    expect(bill).toMatchObject({ returnCode: 'FAIL', returnMsg: 'No Bill Exist' })
    await expect(sdk.cloud.cloudPay.facePay({})).rejects.toMatchObject({
      errMsg: expect.stringContaining('not emulated yet: cloudPay.facePay'),
    })
  })
})

describe('bytes that are no message', () => {
  it('are refused with a code', async () => {
    const { wechat } = simulator()
    const call = (action: 'wx.openApi' | 'wx.wxPayApi', bytes: number[]) =>
      wechat.handle(action, { text: { apiName: 'x' }, binary: { requestData: Uint8Array.from(bytes) } }, {})
    await expect(call('wx.openApi', [0xff, 0xff, 0xff])).rejects.toMatchObject({ code: 'INVALID_PARAM' })
    await expect(call('wx.wxPayApi', [0x7b])).rejects.toMatchObject({ code: 'INVALID_PARAM' })
    await expect(call('wx.wxPayApi', [0x5b, 0x5d])).rejects.toMatchObject({ code: 'INVALID_PARAM' })
    await expect(wechat.handle('wx.openApi', { text: {}, binary: {} }, {})).rejects.toMatchObject({
      code: 'INVALID_PARAM',
    })
  })
  it('are refused with a code, whatever they are', async () => {
    const { wechat } = simulator()
    const names = ['urllink.generate', 'ApiGetOpenDataByCloudId', 'ApiVoipSign', 'unifiedOrder', '__proto__']
    await assert(
      asyncProperty(constantFrom(...names), uint8Array({ maxLength: 60 }), async (apiName, requestData) => {
        for (const action of ['wx.openApi', 'wx.wxPayApi'] as const) {
          const request = { text: { apiName }, binary: { requestData, apiOptions: requestData } }
          const reply = await wechat.handle(action, request, {}).catch((error: unknown) => error)
          if (reply instanceof Error) expect(reply).toBeInstanceOf(WireError)
          else expect(reply).toHaveProperty('body')
        }
      }),
      { numRuns: 500, seed: 1 },
    )
  })
})
