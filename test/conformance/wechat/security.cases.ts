import { expect } from 'vitest'
import { api, PICTURE, refusal, type WechatCase } from './case.ts'

const text = { openid: 'OPENID', scene: 2, version: 2, content: 'hello' }
const media = {
  mediaUrl: 'https://example.com/a.png',
  mediaType: 2,
  version: 2,
  scene: 1,
  openid: 'OPENID',
}

/** Content checks of texts, pictures and sounds. */
export const securityCases: WechatCase[] = [
  ...(['pass', 'review', 'risky'] as const).map(
    (suggest): WechatCase => ({
      name: `msgSecCheck judges a text: ${suggest}`,
      before: (_, { control }) =>
        control.words.set([
          { word: 'maybe', suggest: 'review', label: 10001 },
          { word: 'never', suggest: 'risky', label: 20006 },
        ]),
      run: async ({ openapi }, openid) => {
        const content = { pass: 'hello', review: 'Maybe', risky: 'maybe NEVER' }[suggest]
        const judge = api(openapi, 'security.msgSecCheck')
        return ((await judge({ ...text, openid, content })) as { result: unknown }).result
      },
      returns: { suggest, label: { pass: 100, review: 10001, risky: 20006 }[suggest] },
    }),
  ),
  {
    name: 'the first version of msgSecCheck says nothing about a harmless text',
    run: ({ openapi }) => api(openapi, 'security.msgSecCheck')({ content: 'hello' }),
    returns: { errCode: 0, errMsg: 'openapi.security.msgSecCheck:ok' },
  },
  refusal('security.msgSecCheck', { content: '测试违规' }, 87014, /risky content/),
  refusal('security.msgSecCheck', { ...text, content: '' }, 44002),
  refusal('security.msgSecCheck', { ...text, content: 'x'.repeat(2501) }, 45002),
  refusal('security.msgSecCheck', { ...text, scene: 9 }, 40129),
  refusal('security.msgSecCheck', { ...text, openid: 'x' }, 40003),
  refusal('security.msgSecCheck', { ...text, version: 3 }, 47001),
  {
    name: 'imgSecCheck passes a picture',
    run: ({ openapi }) => api(openapi, 'security.imgSecCheck')({ media: PICTURE }),
    returns: { errCode: 0, errMsg: 'openapi.security.imgSecCheck:ok' },
  },
  refusal(
    'security.imgSecCheck',
    { media: { ...PICTURE, value: Buffer.concat([PICTURE.value, Buffer.from('测试违规')]) } },
    87014,
    /risky content/,
  ),
  refusal('security.imgSecCheck', {}, 41005),
  refusal('security.imgSecCheck', { media: { ...PICTURE, value: Buffer.from('text') } }, 40004),
  refusal(
    'security.imgSecCheck',
    { media: { ...PICTURE, value: Buffer.concat([PICTURE.value, Buffer.alloc(1024 * 1024)]) } },
    40006,
    /invalid meida size/,
  ),
  {
    name: 'mediaCheckAsync gives a trace id at once',
    run: ({ openapi }, openid) => api(openapi, 'security.mediaCheckAsync')({ ...media, openid }),
    returns: { traceId: expect.any(String), errCode: 0, errMsg: 'openapi.security.mediaCheckAsync:ok' },
  },
  {
    name: 'the first version of mediaCheckAsync needs no user',
    run: ({ openapi }) =>
      api(openapi, 'security.mediaCheckAsync')({ mediaUrl: media.mediaUrl, mediaType: 1 }),
    returns: expect.objectContaining({ traceId: expect.any(String) }),
  },
  refusal('security.mediaCheckAsync', { ...media, mediaUrl: 'cloud://local/a.png' }, 40066),
  refusal('security.mediaCheckAsync', { ...media, mediaType: 3 }, 40004),
  refusal('security.mediaCheckAsync', { ...media, scene: 0 }, 40129),
  refusal('security.mediaCheckAsync', { ...media, openid: undefined }, 40003),
]
