import { expect } from 'vitest'
import type { AnyApi } from '../../support/mock-sdk/proxy.ts'
import type { Failure } from '../database/case.ts'

/** One call of WeChat through `cloud.openapi` or `cloud.cloudPay`, and what the SDK makes of the answer. */
export interface WechatCase {
  name: string
  run(sdk: { openapi: AnyApi; cloudPay: AnyApi }, openid: string): unknown
  returns?: unknown
  fails?: Failure
}

const order = {
  functionName: 'echo',
  envId: 'local',
  subMchId: '1900000109',
  body: 'Apples',
  outTradeNo: 'order_1',
  totalFee: 100,
  spbillCreateIp: '127.0.0.1',
}

export const wechatCases: WechatCase[] = [
  {
    name: 'an open API answers camelCase with errCode 0 and errMsg, without errcode and errmsg',
    run: ({ openapi }, openid) =>
      api(openapi, 'security.msgSecCheck')({ openid, scene: 2, version: 2, content: 'hello' }),
    returns: expect.objectContaining({
      result: { suggest: 'pass', label: 100 },
      traceId: expect.any(String),
      errCode: 0,
      errMsg: 'openapi.security.msgSecCheck:ok',
    }),
  },
  {
    name: 'a refusal of an open API throws with its errcode and no code',
    run: ({ openapi }, openid) =>
      api(
        openapi,
        'subscribeMessage.send',
      )({ touser: openid, templateId: 'T1', data: { thing1: { value: 'x' } } }),
    fails: {
      errCode: 43101,
      errMsg: /^openapi\.subscribeMessage\.send:fail user refuse to accept the msg/,
      code: null,
    },
  },
  {
    name: 'an unknown open API throws -604100',
    run: ({ openapi }) => api(openapi, 'nothing.likeThis')({}),
    fails: { errCode: -604100, errMsg: /-604100/, code: null },
  },
  {
    name: 'unifiedOrder answers camelCase, with the payment that the client needs',
    run: ({ cloudPay }, openid) => api(cloudPay, 'unifiedOrder')({ ...order, subOpenid: openid }),
    returns: expect.objectContaining({
      returnCode: 'SUCCESS',
      resultCode: 'SUCCESS',
      subMchId: '1900000109',
      prepayId: expect.any(String),
      payment: expect.objectContaining({ package: expect.stringMatching(/^prepay_id=/), signType: 'MD5' }),
      errCode: 0,
      errMsg: 'cloudPay.unifiedOrder:ok',
    }),
  },
  {
    name: 'a pay call that fails in business resolves with errCode 0 all the same',
    run: ({ cloudPay }) =>
      api(cloudPay, 'queryOrder')({ subMchId: '1900000109', outTradeNo: 'nobody_has_this' }),
    returns: expect.objectContaining({ resultCode: 'FAIL', errCode: 0, errMsg: 'cloudPay.queryOrder:ok' }),
  },
  {
    name: 'options of openapi are an object',
    run: ({ openapi }) => openapi('v2'),
    fails: { message: 'an options object is expected', code: null },
  },
]

/** `cloud.openapi.a.b` by its name. */
function api(root: AnyApi, name: string): AnyApi {
  return name.split('.').reduce((found, part) => {
    const next = found[part]
    if (!next) throw new Error(`${name} cannot be reached`)
    return next
  }, root)
}
