import { expect } from 'vitest'
import { api, PICTURE, type WechatCase } from './case.ts'

/** How answers of open APIs look, whatever the API: case of keys, errors, files, and those that are not built. */
export const answerCases: WechatCase[] = [
  {
    name: 'an open API answers camelCase with errCode 0 and errMsg, without errcode and errmsg',
    run: ({ openapi }, openid) =>
      api(openapi, 'security.msgSecCheck')({ openid, scene: 2, version: 2, content: 'hello' }),
    returns: {
      result: { suggest: 'pass', label: 100 },
      detail: expect.any(Array),
      traceId: expect.any(String),
      errCode: 0,
      errMsg: 'openapi.security.msgSecCheck:ok',
    },
  },
  {
    name: 'keys stay as they are with convertCase: false, in both directions',
    run: ({ openapi }) =>
      api(
        openapi({ convertCase: false }) as typeof openapi, // a call of the root gives the root again
        'urllink.generate',
      )({ expire_type: 1, expire_interval: 1 }),
    returns: {
      url_link: expect.stringMatching(/^https:\/\/wxaurl\.cn\/\w+$/),
      errCode: 0,
      errMsg: 'openapi.urllink.generate:ok',
    },
  },
  {
    name: 'the second cgi answers as the first',
    run: ({ openapi }) =>
      api(
        openapi({ version: 'v2' }) as typeof openapi,
        'urllink.generate',
      )({ expireType: 1, expireInterval: 1 }),
    returns: expect.objectContaining({ urlLink: expect.any(String), errCode: 0 }),
  },
  {
    name: 'the own appid may be named',
    run: ({ openapi }) =>
      api(
        openapi({ appid: 'wxlocal0000000000' }) as typeof openapi,
        'urllink.generate',
      )({ expireType: 1, expireInterval: 1 }),
    returns: expect.objectContaining({ errCode: 0 }),
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
      errMsg: /^openapi\.subscribeMessage\.send:fail user refuse to accept the msg rid: /,
      code: null,
    },
  },
  {
    name: 'an unknown open API throws -604100',
    run: ({ openapi }) => api(openapi, 'nothing.likeThis')({}),
    fails: { errCode: -604100, errMsg: /-604100/, code: null },
  },
  {
    name: 'an API of WeChat that is not built is a system error that names it',
    run: ({ openapi }) => api(openapi, 'img.aiCrop')({ img: PICTURE }),
    fails: { errCode: -501001, errMsg: /not emulated yet: openapi\.img\.aiCrop/, code: null },
  },
  {
    name: 'a canned answer takes the place of an API that is not built',
    before: (_, { control }) => control.canned.set({ name: 'img.aiCrop', body: { img_size: { w: 1 } } }),
    run: ({ openapi }) => api(openapi, 'img.aiCrop')({ img: PICTURE }),
    returns: { imgSize: { w: 1 }, errCode: 0, errMsg: 'openapi.img.aiCrop:ok' },
  },
  {
    name: 'a canned refusal is thrown like one of the API',
    before: (_, { control }) =>
      control.canned.set({ name: 'wxacode.get', errcode: 45029, errmsg: 'qrcode count out of limit' }),
    run: ({ openapi }) => api(openapi, 'wxacode.get')({ path: 'a' }),
    fails: { errCode: 45029, errMsg: 'openapi.wxacode.get:fail qrcode count out of limit', code: null },
  },
  {
    name: 'a canned file is a buffer with its type',
    before: (_, { control }) =>
      control.canned.set({ name: 'made.up', binary: { contentType: 'audio/mp3 ', base64: 'AQID' } }),
    run: ({ openapi }) => api(openapi, 'made.up')({}),
    returns: {
      contentType: 'audio/mp3',
      buffer: Buffer.from([1, 2, 3]),
      errCode: 0,
      errMsg: 'openapi.made.up:ok',
    },
  },
  ...[-604102, -604103, -604104].map(
    (errCode): WechatCase => ({
      name: `the platform's own ${errCode} is thrown with that number`,
      before: (_, { control }) => control.canned.set({ name: 'wxacode.get', errcode: errCode }),
      run: ({ openapi }) => api(openapi, 'wxacode.get')({ path: 'a' }),
      fails: { errCode, errMsg: new RegExp(`error code: ${errCode}`), code: null },
    }),
  ),
  {
    name: 'options of openapi are an object',
    run: ({ openapi }) => openapi('v2'),
    fails: { message: 'an options object is expected', code: null },
  },
  {
    name: 'callOpenAPI gives WeChat’s own keys, without the SDK’s',
    run: ({ callOpenAPI }) =>
      callOpenAPI({ api: 'urllink.generate', data: { expire_type: 1, expire_interval: 1 } }),
    returns: {
      result: { errcode: 0, errmsg: 'ok', url_link: expect.any(String) },
      errMsg: 'callOpenAPI:ok',
    },
  },
  {
    name: 'callOpenAPI resolves also when WeChat refuses',
    run: ({ callOpenAPI }) => callOpenAPI({ api: 'wxacode.get', data: {} }),
    returns: {
      result: { errcode: 40159, errmsg: expect.any(String) },
      errMsg: 'callOpenAPI:ok',
    },
  },
  {
    name: 'callOpenAPI takes an object with the name of an API',
    run: ({ callOpenAPI }) => callOpenAPI({ api: 1 as never }),
    fails: { errMsg: /parameter\.api should be string instead of number/ },
  },
]
