/** WeChat as a cloud function meets it: open APIs, WeChat Pay, and the user's side of both under `control`. */
import type { Clock } from '../core/clock.ts'
import { WireError } from '../core/errors.ts'
import type { Faults } from '../core/faults.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Module } from '../core/module.ts'
import type { State } from '../core/state.ts'
import type { OpenApiContext } from './openapi/api.ts'
import { assertOwnMiniProgram, callOpenApi, callOpenApiAsJson } from './openapi/call.ts'
import { createPhoneCodes, type PhoneCodes } from './openapi/phone-codes.ts'
import { createRiskyWords, type RiskyWords } from './openapi/risky-words.ts'
import { createSubscriptions, type Subscriptions } from './openapi/subscriptions.ts'
import { createPay, type Pay } from './pay/index.ts'
import type { Invoke } from './pay/notices.ts'
import { type ByteReply, decodeApiOptions, decodePayRequest } from './wire.ts'

export type { Grant, SentMessage } from './openapi/subscriptions.ts'
export type { PaymentRef, PaymentView, PayOptions, PayOutcome } from './pay/control.ts'
export type { RefundPlan } from './pay/refund-plans.ts'

export interface Wechat extends Module {
  /** One request of `wx.openApi`, `wx.wxPayApi` (multipart) or `wx.api` (JSON). Throws WireError. */
  handle(
    action: 'wx.openApi' | 'wx.wxPayApi' | 'wx.api',
    parts: { text: Record<string, string>; binary: Record<string, Uint8Array> },
    caller: { functionName?: string; openid?: string; source?: string },
  ): Promise<ByteReply | Record<string, unknown>>
  /** The user's thumb, the bank and the moderator: what happens outside the functions. */
  control: {
    payments: Pay['control']
    subscriptions: Subscriptions
    words: RiskyWords
    phoneCodes: PhoneCodes
  }
  /** To be called when `state` was replaced (snapshot imported or reset): takes up its pending work. */
  resume(): void
}

export function createWechat(deps: {
  state: State
  clock: Clock
  ids: Ids
  log: Log
  faults: Faults
  appid: string
  envId: string
  permissionsOf(functionName: string): string[] | undefined
  invoke: Invoke
}): Wechat {
  const pay = createPay(deps)
  const subscriptions = createSubscriptions(deps)
  const words = createRiskyWords(deps)
  const phoneCodes = createPhoneCodes(deps)
  const { appid, clock, ids } = deps
  const openApiContext: OpenApiContext = { appid, clock, ids, subscriptions, words, phoneCodes }

  return {
    name: 'wechat',
    async start() {
      pay.resume()
    },
    stop: pay.stop,
    resume: pay.resume,
    control: { payments: pay.control, subscriptions, words, phoneCodes },
    async handle(action, { text, binary }, caller) {
      const apiName = text.apiName
      if (!apiName) throw new WireError('INVALID_PARAM', `${action} needs apiName`)
      if (action === 'wx.api') {
        return callOpenApiAsJson(apiName, text.requestData ?? '', caller, deps, openApiContext)
      }
      const requestData = binary.requestData
      if (!requestData) throw new WireError('INVALID_PARAM', `${action} needs requestData`)
      if (action === 'wx.openApi') return callOpenApi(apiName, requestData, caller, deps, openApiContext)
      assertOwnMiniProgram(decodeApiOptions(binary.apiOptions ?? new Uint8Array()).appid, appid)
      return pay.call(apiName, decodePayRequest(requestData), caller)
    },
  }
}
