import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestCloud, type TestCloud } from '../testing/project.ts'

/** Each calls the same APIs; what it cannot do at all is told by its version's own table. */
const SDKS = ['-1.8', '-2.3', '-2.5', '-2.6', '-3.0', ''].map((version) => `wx-server-sdk${version}`)
const OLDEST = 'wx-server-sdk-1.8'
const functionOf = (sdk: string) => sdk.replaceAll(/[^a-z0-9]/g, '')

const CALLS = `
exports.main = async ({ cloudID }) => {
  const { OPENID: touser } = cloud.getWXContext()
  const picture = { contentType: 'image/png', value: Buffer.from([0x89, 0x50, 0x4e, 0x47, 1]) }
  const calls = {
    code: async () => {
      const { contentType, buffer } = await cloud.openapi.wxacode.getUnlimited({ scene: 'a=1' })
      return { contentType, starts: buffer.toString('latin1', 1, 4) }
    },
    check: () => cloud.openapi.security.msgSecCheck({ openid: touser, scene: 2, version: 2, content: '你好' }),
    picture: () => cloud.openapi.security.imgSecCheck({ media: picture }),
    message: () => cloud.openapi.subscribeMessage.send({
      touser, templateId: 'T', miniprogramState: 'trial', data: { thing1: { value: '苹果' } } }),
    refused: () => cloud.openapi.subscribeMessage.send({ touser, templateId: 'U', data: { thing1: { value: 'x' } } }),
    misspelt: () => cloud.openapi.wxacode.getunlimited({}),
    undeclared: () => cloud.openapi.wxacode.get({ path: 'a' }),
    openData: () => cloud.getOpenData({ list: [cloudID] }),
    json: () => cloud.callOpenAPI({ api: 'security.msgSecCheck', data: { content: '测试违规' } }),
    pay: () => cloud.cloudPay.queryOrder({ subMchId: '1900000109', outTradeNo: 'nobody' }),
  }
  const results = {}
  for (const [name, call] of Object.entries(calls)) {
    try { results[name] = await call() } catch (error) { results[name] = { errCode: error.errCode } }
  }
  return results
}`

const NODE_SDKS = ['node-sdk-2', '@cloudbase/node-sdk']
const NODE_CALLS = `
const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV })
exports.main = async () => {
  const ask = async (content) => {
    const requestData = { content }
    const { result } = await app.callWxOpenApi({ apiName: 'security.msgSecCheck', requestData })
    return result.errcode
  }
  return [await ask('你好'), await ask('测试违规')]
}`

describe('WeChat for the SDKs of all years', () => {
  let cloud: TestCloud & AsyncDisposable
  beforeAll(async () => {
    const { resolve } = createRequire(import.meta.url)
    const openapi = [
      'wxacode.getUnlimited',
      'security.msgSecCheck',
      'security.imgSecCheck',
      'subscribeMessage.send',
    ]
    const codeOf = (sdk: string) =>
      NODE_SDKS.includes(sdk)
        ? `const tcb = require(${JSON.stringify(resolve(sdk))})\n${NODE_CALLS}`
        : `const cloud = require(${JSON.stringify(resolve(sdk))}); cloud.init()\n${CALLS}`
    const files = [...SDKS, ...NODE_SDKS].flatMap((sdk) => [
      [functionOf(sdk), codeOf(sdk)],
      [`cloudfunctions/${functionOf(sdk)}/config.json`, JSON.stringify({ permissions: { openapi } })],
    ])
    cloud = await startTestCloud(Object.fromEntries(files))
  })
  afterAll(() => cloud[Symbol.asyncDispose]())

  it.each(SDKS)('is the same for %s', async (sdk) => {
    const openid = `${cloud.users.identityOf('buyer1')?.openid}`
    await cloud.wechat.subscriptions.grant(openid, 'T')
    const { cloudID } = await cloud.wechat.cloudIds.issue(openid, 'weRunData', { step: 7 })
    const { body } = await cloud.post(functionOf(sdk), { cloudID })
    expect(body.result).toEqual({
      code: { contentType: 'image/jpeg', starts: 'PNG' },
      check: expect.objectContaining({ result: { suggest: 'pass', label: 100 }, errCode: 0 }),
      picture: { errCode: 0, errMsg: 'openapi.security.imgSecCheck:ok' },
      message: { errCode: 0, errMsg: 'openapi.subscribeMessage.send:ok' },
      refused: { errCode: 43101 },
      misspelt: { errCode: -604100 },
      undeclared: { errCode: -604101 },
      openData: expect.objectContaining({ list: [{ cloudID, data: expect.objectContaining({ step: 7 }) }] }),
      json: { result: expect.objectContaining({ errcode: 87014 }), errMsg: 'callOpenAPI:ok' },
      // 1.8 has no cloudPay: the call throws before anything is sent.
      pay: sdk === OLDEST ? {} : expect.objectContaining({ resultCode: 'FAIL', errCode: 0 }),
    })
    expect(cloud.wechat.subscriptions.sent({ templateId: 'T' })[0]).toMatchObject({
      openid,
      data: { thing1: { value: '苹果' } },
      miniprogramState: 'trial',
      functionName: functionOf(sdk),
    })
  })
  it.each(NODE_SDKS)('answers %s as well', async (sdk) => {
    expect((await cloud.post(functionOf(sdk), {})).body).toMatchObject({ result: [0, 87014] })
  })
})
