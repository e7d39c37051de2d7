import { expect } from 'vitest'
import { api, refusal, type WechatCase } from './case.ts'

const steps = { stepInfoList: [{ timestamp: 1445866601, step: 100 }] }

/** Data of users that only their own mini program may read: phone numbers, cloud ids, signatures. */
export const openDataCases: WechatCase[] = [
  {
    name: 'a phone number is given for a code',
    before: async (_, { control, openid }) => (await control.phoneCodes.issue(openid, '13800138000')).code,
    run: ({ openapi }, _openid, code) => api(openapi, 'phonenumber.getPhoneNumber')({ code }),
    returns: {
      phoneInfo: {
        phoneNumber: '13800138000',
        purePhoneNumber: '13800138000',
        countryCode: '86',
        watermark: { timestamp: expect.any(Number), appid: 'wxlocal0000000000' },
      },
      errCode: 0,
      errMsg: 'openapi.phonenumber.getPhoneNumber:ok',
    },
  },
  refusal('phonenumber.getPhoneNumber', { code: 'made-up' }, 40029, /invalid code/),
  {
    name: 'getOpenData gives the data behind a cloud id',
    before: async (_, { control, openid }) =>
      (await control.cloudIds.issue(openid, 'weRunData', steps)).cloudID,
    run: ({ getOpenData }, _openid, cloudID) => getOpenData({ list: [`${cloudID}`] }),
    returns: {
      list: [
        {
          cloudID: expect.any(String),
          data: { ...steps, watermark: { appid: 'wxlocal0000000000', timestamp: expect.any(Number) } },
        },
      ],
      errMsg: 'getOpenData:ok',
      errCode: 0,
    },
  },
  {
    name: 'getOpenData says of a made-up cloud id that it is invalid',
    run: ({ getOpenData }) => getOpenData({ list: ['made-up'] }),
    returns: expect.objectContaining({
      list: [{ cloudID: 'made-up', errCode: -601005, errMsg: 'invalid cloudID' }],
    }),
  },
  {
    name: 'a cloud id is good for five minutes',
    async before(_, { control, openid, advance }) {
      const { cloudID } = await control.cloudIds.issue(openid, 'phone')
      await advance(5 * 60_000)
      return cloudID
    },
    run: ({ getOpenData }, _openid, cloudID) => getOpenData({ list: [`${cloudID}`] }),
    returns: expect.objectContaining({
      list: [expect.objectContaining({ errCode: -601006, errMsg: 'cloudID expired' })],
    }),
  },
  {
    name: 'getOpenData without ids gives an empty list',
    run: ({ getOpenData }) => getOpenData({ list: [] }),
    returns: { list: [], errMsg: 'getOpenData:ok', errCode: 0 },
  },
  {
    name: 'getOpenData needs a list',
    run: ({ getOpenData }) => getOpenData({} as never),
    fails: { errMsg: 'getOpenData:fail list must be provided' },
  },
  {
    name: 'the open API of the same name gives the same',
    before: async (_, { control, openid }) =>
      (await control.cloudIds.issue(openid, 'weRunData', steps)).cloudID,
    run: ({ openapi }, _openid, cloudID) => api(openapi, 'cloudbase.getOpenData')({ cloudidList: [cloudID] }),
    returns: expect.objectContaining({
      dataList: [
        { cloudId: expect.any(String), json: expect.objectContaining({ cloudID: expect.any(String) }) },
      ],
    }),
  },
  {
    name: 'getVoIPSign gives a signature',
    run: ({ getVoIPSign }) => getVoIPSign({ groupId: 'g', timestamp: 1, nonce: 'n' }),
    returns: { signature: expect.stringMatching(/^[0-9a-f]{64}$/), errMsg: 'getVoIPSign:ok', errCode: 0 },
  },
  {
    name: 'getVoIPSign checks its parameters',
    run: ({ getVoIPSign }) => getVoIPSign({ groupId: 'g', timestamp: '1' as never, nonce: 'n' }),
    fails: { errMsg: /parameter\.timestamp should be number instead of string/ },
  },
  {
    name: 'getCloudCallSign gives a signature',
    run: ({ getCloudCallSign }) => getCloudCallSign({ parameterList: ['a', 'b'] }),
    returns: {
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
      errMsg: 'getCloudCallSign:ok',
      errCode: 0,
    },
  },
]
