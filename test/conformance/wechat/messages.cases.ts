import { expect } from 'vitest'
import { api, PICTURE, refusal, type WechatCase, withOpenid } from './case.ts'

const text = { touser: 'OPENID', msgtype: 'text', text: { content: '收到' } }
const subscribed = { touser: 'OPENID', templateId: 'T1', data: { thing1: { value: '苹果' } } }
const uniform = {
  touser: 'OPENID',
  mpTemplateMsg: {
    appid: 'wx0123456789abcdef',
    templateId: 'M1',
    url: 'https://example.com',
    miniprogram: { appid: 'wxlocal0000000000', pagepath: 'pages/index/index' },
    data: { first: { value: '你好', color: '#173177' } },
  },
}

/** Once the user has written in the chat. */
function chatting(name: string, data: object, expected: Pick<WechatCase, 'returns' | 'fails'>): WechatCase {
  return {
    name,
    before: (_, { control, openid }) => control.userMessages.send(openid, { msgType: 'text' }),
    run: ({ openapi }, openid) => api(openapi, 'customerServiceMessage.send')(withOpenid(data, openid)),
    ...expected,
  }
}

const sent = { errCode: 0, errMsg: 'openapi.customerServiceMessage.send:ok' }

/** Messages to users: subscribe messages, the customer service chat, official accounts. */
export const messageCases: WechatCase[] = [
  {
    name: 'a subscribe message goes out once the user allowed it, and once only',
    before: (_, { control, openid }) => control.subscriptions.grant(openid, 'T1'),
    async run({ openapi }, openid) {
      const send = () => api(openapi, 'subscribeMessage.send')(withOpenid(subscribed, openid))
      return [await send(), await Promise.resolve(send()).catch((error) => error.errCode)]
    },
    returns: [{ errCode: 0, errMsg: 'openapi.subscribeMessage.send:ok' }, 43101],
  },
  refusal('subscribeMessage.send', { ...subscribed, touser: 'somebody' }, 40003, /invalid openid/),
  refusal('subscribeMessage.send', { ...subscribed, templateId: '' }, 40037),
  refusal('subscribeMessage.send', { ...subscribed, data: {} }, 47003),
  refusal(
    'subscribeMessage.send',
    { ...subscribed, data: { thing1: { value: '' } } },
    47003,
    /data\.thing1\.value is emtpy/,
  ),
  refusal('subscribeMessage.send', { ...subscribed, data: { thing1: { value: '果'.repeat(21) } } }, 47003),
  refusal('subscribeMessage.send', { ...subscribed, data: { number2: { value: 'many' } } }, 47003),
  refusal(
    'customerServiceMessage.send',
    text,
    45015,
    /response out of time limit or subscription is canceled/,
  ),
  chatting('a user who wrote gets an answer', text, { returns: sent }),
  chatting(
    'an answer may be a link',
    {
      touser: 'OPENID',
      msgtype: 'link',
      link: {
        title: 't',
        description: 'd',
        url: 'https://example.com',
        thumbUrl: 'https://example.com/a.png',
      },
    },
    { returns: sent },
  ),
  chatting(
    'an answer may be a page of the mini program',
    {
      touser: 'OPENID',
      msgtype: 'miniprogrampage',
      miniprogrampage: { title: 't', pagepath: 'pages/index/index?a=1', thumbMediaId: 'm' },
    },
    { returns: sent },
  ),
  chatting(
    'a picture must have been uploaded',
    { touser: 'OPENID', msgtype: 'image', image: { mediaId: 'unknown' } },
    { fails: { errCode: 40007, code: null } },
  ),
  {
    name: 'an uploaded picture can be sent',
    before: (_, { control, openid }) => control.userMessages.send(openid, { msgType: 'text' }),
    async run({ openapi }, touser) {
      const upload = api(openapi, 'customerServiceMessage.uploadTempMedia')
      const { mediaId } = (await upload({ type: 'image', media: PICTURE })) as { mediaId: string }
      return api(openapi, 'customerServiceMessage.send')({ touser, msgtype: 'image', image: { mediaId } })
    },
    returns: sent,
  },
  {
    name: 'a sixth answer to one message is refused',
    before: (_, { control, openid }) => control.userMessages.send(openid, { msgType: 'text' }),
    async run({ openapi }, openid) {
      const send = api(openapi, 'customerServiceMessage.send')
      for (let time = 1; time <= 6; time++) await send(withOpenid(text, openid))
    },
    fails: { errCode: 45047, errMsg: /out of response count limit/, code: null },
  },
  {
    name: 'after 48 hours it is too late for an answer',
    async before(_, { control, openid, advance }) {
      await control.userMessages.send(openid, { msgType: 'text' })
      await advance(48 * 3_600_000)
    },
    run: ({ openapi }, openid) => api(openapi, 'customerServiceMessage.send')(withOpenid(text, openid)),
    fails: { errCode: 45015, code: null },
  },
  chatting('an answer has a type', { ...text, msgtype: 'song' }, { fails: { errCode: 40008, code: null } }),
  chatting(
    'a text is not empty',
    { ...text, text: { content: '' } },
    { fails: { errCode: 44004, code: null } },
  ),
  refusal('customerServiceMessage.send', { ...text, touser: undefined }, 40003),
  {
    name: 'typing can be shown within 30 seconds of a message',
    before: (_, { control, openid }) => control.userMessages.send(openid, { msgType: 'text' }),
    run: ({ openapi }, touser) =>
      api(openapi, 'customerServiceMessage.setTyping')({ touser, command: 'Typing' }),
    returns: { errCode: 0, errMsg: 'openapi.customerServiceMessage.setTyping:ok' },
  },
  refusal('customerServiceMessage.setTyping', { touser: 'OPENID', command: 'Typing' }, 45080),
  refusal('customerServiceMessage.setTyping', { touser: 'OPENID', command: 'Dancing' }, 45072),
  {
    name: 'an uploaded picture comes back as it was',
    async run({ openapi }) {
      const upload = api(openapi, 'customerServiceMessage.uploadTempMedia')
      const { mediaId } = (await upload({ type: 'image', media: PICTURE })) as { mediaId: string }
      return api(openapi, 'customerServiceMessage.getTempMedia')({ mediaId })
    },
    returns: expect.objectContaining({ contentType: 'image/png', buffer: PICTURE.value, errCode: 0 }),
  },
  refusal('customerServiceMessage.uploadTempMedia', { type: 'video', media: PICTURE }, 40004),
  refusal('customerServiceMessage.uploadTempMedia', { type: 'image' }, 41005),
  refusal(
    'customerServiceMessage.uploadTempMedia',
    { type: 'image', media: { contentType: 'image/png', value: Buffer.from('text') } },
    40005,
  ),
  refusal('customerServiceMessage.getTempMedia', { mediaId: 'unknown' }, 40007),
  {
    name: 'a uniform message goes through the official account',
    run: ({ openapi }, openid) => api(openapi, 'uniformMessage.send')(withOpenid(uniform, openid)),
    returns: { errCode: 0, errMsg: 'openapi.uniformMessage.send:ok' },
  },
  refusal('uniformMessage.send', { touser: 'OPENID' }, 47001),
  refusal('uniformMessage.send', { ...uniform, touser: 'x' }, 40003),
  refusal(
    'uniformMessage.send',
    { ...uniform, mpTemplateMsg: { ...uniform.mpTemplateMsg, appid: 'gh_1' } },
    40013,
  ),
  refusal(
    'uniformMessage.send',
    { ...uniform, mpTemplateMsg: { ...uniform.mpTemplateMsg, templateId: '' } },
    40037,
  ),
]
