import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SdkServer, startSdkServer } from './sdk-server.fixture.ts'
import { BUYER, order, simulator } from './simulator.fixture.ts'

/** The other side of every test here is the real, unmodified SDK: what it encodes we decode, and back. */
describe('the wire of wx-server-sdk', () => {
  const caller: { functionName?: string; openid?: string } = { functionName: 'notify', openid: BUYER }
  const { wechat, state } = simulator({
    permissions: ['subscribeMessage.send', 'phonenumber.getPhoneNumber', 'wxacode.getUnlimited'],
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

  it('names an API that WeChat has and we do not yet', async () => {
    const picture = { contentType: 'image/png', value: Buffer.from([0x89, 0xff, 0x00]) }
    await expect(
      sdk.cloud.openapi.wxacode.getUnlimited({ scene: 'a', media: picture }),
    ).rejects.toMatchObject({
      errMsg: expect.stringContaining('not emulated yet: openapi.wxacode.getUnlimited'),
    })
    await expect(sdk.cloud.getOpenData({ list: ['cloud-id'] })).rejects.toMatchObject({
      errMsg: expect.stringContaining('not emulated yet: ApiGetOpenDataByCloudId'),
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
})
