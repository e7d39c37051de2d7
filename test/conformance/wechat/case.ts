import type { Wechat } from '../../../emulator/wechat/index.ts'
import type { AnyApi } from '../../support/mock-sdk/proxy.ts'
import type { Failure } from '../database/case.ts'

/** The part of the SDK that reaches WeChat. */
export interface WechatSdk {
  openapi: AnyApi
  cloudPay: AnyApi
  callFunction(call: { name: string; data?: object }): Promise<unknown>
  callOpenAPI(call: { api: string; data?: object }): Promise<unknown>
  getOpenData(call: { list: string[] }): Promise<unknown>
  getVoIPSign(call: { groupId: string; timestamp: number; nonce: string }): Promise<unknown>
  getCloudCallSign(call: { parameterList: string[] }): Promise<unknown>
}

/** The other side: the user, the bank, the moderator, and the time. */
export interface World {
  control: Wechat['control']
  openid: string
  advance(ms: number): Promise<void>
}

/** Something that a function asks of WeChat, and what the SDK makes of the answer. Each runs in a fresh world. */
export interface WechatCase {
  name: string
  /** What happened beforehand; `run` is given its outcome. */
  before?(sdk: WechatSdk, world: World): unknown
  run(sdk: WechatSdk, openid: string, given: unknown): unknown
  returns?: unknown
  fails?: Failure
}

/** `cloud.openapi.a.b` (or a pay API) by its name. */
export function api(root: AnyApi, name: string): AnyApi {
  return name.split('.').reduce((found, part) => {
    const next = found[part]
    if (!next) throw new Error(`${name} cannot be reached`)
    return next
  }, root)
}

/** An open API that refuses these arguments: `OPENID` in them stands for the user's. */
export function refusal(name: string, data: object, errCode: number, errMsg: RegExp = /:fail /): WechatCase {
  return {
    name: `${name} refuses ${shown(data)} with ${errCode}`,
    run: ({ openapi }, openid) => api(openapi, name)(withOpenid(data, openid)),
    fails: { errCode, errMsg, code: null },
  }
}

/** What an object says when nothing but these fields matters. */
export function withOpenid(data: object, openid: string): object {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, value === 'OPENID' ? openid : value]),
  )
}

/** The first bytes of a PNG, enough to be taken for one. */
export const PICTURE = {
  contentType: 'image/png',
  value: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00]),
}

function shown(data: object): string {
  const text = JSON.stringify(data, (_, value) => (value?.type === 'Buffer' ? 'bytes' : value)) ?? 'nothing'
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
