import { expect } from 'vitest'
import { api, refusal, type WechatCase } from './case.ts'

const isPng = expect.objectContaining({ 0: 0x89, 1: 0x50, 2: 0x4e, 3: 0x47 })
const code = { contentType: 'image/jpeg', buffer: isPng, errCode: 0 }

/** Width and height stand in the header of a PNG. */
const sizeOf = (file: unknown) => {
  const { buffer } = file as { buffer: Buffer }
  return [buffer.readUInt32BE(16), buffer.readUInt32BE(20)]
}

function sized(width: number | undefined, pixels: number): WechatCase {
  return {
    name: `a code of width ${width} has ${pixels} pixels`,
    run: async ({ openapi }) => sizeOf(await api(openapi, 'wxacode.getUnlimited')({ scene: 'a', width })),
    returns: [pixels, pixels],
  }
}

/** `wxacode.*`, `urllink.*`, `urlscheme.*`: ways into a page of the mini program. */
export const codeCases: WechatCase[] = [
  {
    name: 'getUnlimited gives a picture',
    run: ({ openapi }) => api(openapi, 'wxacode.getUnlimited')({ scene: 'id=1' }),
    returns: { ...code, errMsg: 'openapi.wxacode.getUnlimited:ok' },
  },
  {
    name: 'get gives a picture',
    run: ({ openapi }) => api(openapi, 'wxacode.get')({ path: 'pages/index/index?id=1' }),
    returns: { ...code, errMsg: 'openapi.wxacode.get:ok' },
  },
  {
    name: 'createQRCode gives a picture',
    run: ({ openapi }) => api(openapi, 'wxacode.createQRCode')({ path: 'pages/index/index?id=1' }),
    returns: { ...code, errMsg: 'openapi.wxacode.createQRCode:ok' },
  },
  {
    name: 'another scene gives another picture, the same one the same',
    async run({ openapi }) {
      const of = async (scene: string) =>
        ((await api(openapi, 'wxacode.getUnlimited')({ scene })) as { buffer: Buffer }).buffer
      const [one, again, other] = [await of('id=1'), await of('id=1'), await of('id=2')]
      return { isRepeatable: one.equals(again), isDistinct: !one.equals(other) }
    },
    returns: { isRepeatable: true, isDistinct: true },
  },
  {
    name: 'a code may have a colour and no background',
    run: ({ openapi }) =>
      api(
        openapi,
        'wxacode.getUnlimited',
      )({ scene: 'a', lineColor: { r: '10', g: 20, b: '30' }, isHyaline: true, autoColor: false }),
    returns: expect.objectContaining(code),
  },
  sized(undefined, 430),
  sized(300, 300),
  sized(100, 280),
  sized(1280, 1280),
  sized(2000, 1280),
  {
    name: 'a page that is not published is fine with checkPath: false',
    run: ({ openapi }) =>
      api(openapi, 'wxacode.getUnlimited')({ scene: 'a', page: 'pages/new/new', checkPath: false }),
    returns: expect.objectContaining(code),
  },
  refusal('wxacode.getUnlimited', {}, 40169, /invalid length for scene/),
  refusal('wxacode.getUnlimited', { scene: '' }, 40169),
  refusal('wxacode.getUnlimited', { scene: 'x'.repeat(33) }, 40169),
  refusal('wxacode.getUnlimited', { scene: '苹果' }, 40129),
  refusal('wxacode.getUnlimited', { scene: 'a%20b' }, 40129),
  refusal('wxacode.getUnlimited', { scene: 'a', page: '/pages/index/index' }, 41030, /invalid page/),
  refusal('wxacode.getUnlimited', { scene: 'a', page: 'pages/index/index?id=1' }, 41030),
  refusal('wxacode.getUnlimited', { scene: 'a', envVersion: 'beta' }, 40097),
  refusal('wxacode.getUnlimited', { scene: 'a', lineColor: { r: 256, g: 0, b: 0 } }, 40097),
  refusal('wxacode.get', {}, 40159, /invalid length for path/),
  refusal('wxacode.get', { path: 'x'.repeat(1025) }, 40159),
  refusal('wxacode.createQRCode', { path: '' }, 40159),
  {
    name: 'a scheme opens WeChat',
    run: ({ openapi }) =>
      api(openapi, 'urlscheme.generate')({ jumpWxa: { query: 'a=1' }, expireType: 1, expireInterval: 7 }),
    returns: {
      openlink: expect.stringMatching(/^weixin:\/\/dl\/business\/\?t=\w+$/),
      errCode: 0,
      errMsg: 'openapi.urlscheme.generate:ok',
    },
  },
  {
    name: 'a link knows where it leads and when it ends',
    async run({ openapi }) {
      const { urlLink } = (await api(
        openapi,
        'urllink.generate',
      )({ query: 'a=1', expireType: 1, expireInterval: 2, envVersion: 'trial' })) as { urlLink: string }
      const { urlLinkInfo } = (await api(openapi, 'urllink.query')({ urlLink })) as Info
      return [urlLinkInfo, urlLinkInfo.expireTime - urlLinkInfo.createTime]
    },
    returns: [expect.objectContaining({ path: '', query: 'a=1', envVersion: 'trial' }), 2 * 24 * 3600],
  },
  {
    name: 'a scheme can be asked about as well',
    async run({ openapi }) {
      const { openlink } = (await api(openapi, 'urlscheme.generate')({ jumpWxa: { query: 'b=2' } })) as {
        openlink: string
      }
      return api(openapi, 'urlscheme.query')({ scheme: openlink })
    },
    returns: expect.objectContaining({ schemeInfo: expect.objectContaining({ query: 'b=2' }) }),
  },
  refusal('urllink.generate', { path: 'pages/index/index?id=1' }, 40165),
  refusal('urllink.generate', { query: '苹果' }, 40212),
  refusal('urllink.generate', { expireType: 1, expireInterval: 31 }, 85401),
  refusal('urllink.generate', { expireType: 0, expireTime: 1 }, 85401),
  refusal('urllink.generate', { expireType: 2 }, 85401),
  refusal('urllink.generate', { envVersion: 'beta' }, 85402),
  refusal('urllink.query', { urlLink: 'https://wxaurl.cn/nobody' }, 40097),
  refusal('urlscheme.generate', { jumpWxa: 'pages/index/index' }, 47001),
]

interface Info {
  urlLinkInfo: { createTime: number; expireTime: number }
}
