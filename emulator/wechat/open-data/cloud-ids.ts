import { createHash } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { State } from '../../core/state.ts'
import { phoneOf } from './phone-of.ts'

/** The secret part of what a page's API gave: the page holds only the id, the server reads the data with it. */
export interface CloudId {
  cloudID: string
  openid: string
  data: Record<string, unknown>
  expiresAtMs: number
}

/** Takes the place of the id: in `event` (`wx.cloud.CloudID`) and in the list of `getOpenData`. */
export type OpenData =
  | { cloudID: string; data: Record<string, unknown> }
  | { cloudID: string; errCode: number; errMsg: string }

const OPEN_DATA_TYPES = ['phone', 'userInfo', 'weRunData', 'shareInfo'] as const
export type OpenDataType = (typeof OPEN_DATA_TYPES)[number]

export interface CloudIds {
  /** The user's page calls `wx.getWeRunData` and the like. Without data, the type's own sample is taken. */
  issue(openid: string, type: OpenDataType, data?: Record<string, unknown>): Promise<CloudId>
  /** @param openid the user on whose behalf it is read; undefined outside of functions, where nobody is compared. */
  read(cloudID: string, openid: string | undefined): OpenData
}

/** 「cloudID 有效期五分钟」 */
const LIFE_MS = 5 * 60_000

export function createCloudIds(deps: { appid: string; state: State; clock: Clock; ids: Ids }): CloudIds {
  const table = deps.state.table<CloudId>('wechat.cloud-id')
  return {
    async issue(openid, type, data) {
      const nowMs = deps.clock.nowMs()
      const watermark = { appid: deps.appid, timestamp: Math.floor(nowMs / 1000) }
      const made: CloudId = {
        cloudID: `35_${deps.ids.hex(32)}`,
        openid,
        data: { ...(data ?? SAMPLES[type](openid, nowMs)), watermark },
        expiresAtMs: nowMs + LIFE_MS,
      }
      await table.put(made.cloudID, made)
      return made
    },
    read(cloudID, openid) {
      const found = table.get(cloudID)
      if (!found) return { cloudID, errCode: -601005, errMsg: 'invalid cloudID' }
      if (openid !== undefined && openid !== found.openid)
        return { cloudID, errCode: -601007, errMsg: 'cloudID and calling user does not match' }
      if (deps.clock.nowMs() >= found.expiresAtMs)
        return { cloudID, errCode: -601006, errMsg: 'cloudID expired' }
      return { cloudID, data: found.data }
    },
  }
}

const DAY_SECONDS = 24 * 3600

const SAMPLES: Record<OpenDataType, (openid: string, nowMs: number) => Record<string, unknown>> = {
  phone: (openid) => {
    const phoneNumber = phoneOf(openid)
    return { phoneNumber, purePhoneNumber: phoneNumber, countryCode: '86' }
  },
  userInfo: (openid) => ({
    openId: openid,
    nickName: '微信用户',
    gender: 0,
    language: 'zh_CN',
    city: '',
    province: '',
    country: '',
    avatarUrl: 'http://127.0.0.1/avatar.png',
  }),
  /** Thirty days, oldest first, each at its midnight in Beijing. */
  weRunData: (_, nowMs) => {
    const today = Math.floor((nowMs / 1000 + 8 * 3600) / DAY_SECONDS) * DAY_SECONDS - 8 * 3600
    const days = Array.from({ length: 30 }, (__, ago) => today - (29 - ago) * DAY_SECONDS)
    return { stepInfoList: days.map((timestamp, index) => ({ timestamp, step: 3_000 + index * 100 })) }
  },
  shareInfo: (openid) => ({
    openGId: `tG${createHash('sha256').update(openid).digest('base64url').slice(0, 26)}`,
  }),
}
