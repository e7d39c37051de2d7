/** WeChat as a cloud function meets it: open APIs, WeChat Pay, and the user's side of both under `control`. */
import type { Clock } from '../core/clock.ts'
import { notEmulated, WireError } from '../core/errors.ts'
import type { Faults } from '../core/faults.ts'
import type { HttpRoute } from '../core/http.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Module } from '../core/module.ts'
import type { State } from '../core/state.ts'
import type { OpenData } from './open-data/cloud-ids.ts'
import { crossAccountToken } from './open-data/cross-account.ts'
import { callInnerService } from './open-data/inner-services.ts'
import type { OpenApiContext } from './openapi/api.ts'
import { assertOwnMiniProgram, callOpenApi, callOpenApiAsJson } from './openapi/call.ts'
import { type CannedAnswers, createCannedAnswers } from './openapi/canned-answers.ts'
import { createServices } from './openapi/services.ts'
import { createPay, type Pay } from './pay/index.ts'
import type { Invoke } from './pay/notices.ts'
import { v3Routes } from './pay/v3/routes.ts'
import { createMessagePush, type MessagePush } from './push/message-push.ts'
import { createUserMessages, type UserMessages } from './push/user-messages.ts'
import {
  type ByteReply,
  decodeApiOptions,
  decodeOpenApiRequest,
  decodePayRequest,
  encodePayFile,
  encodePayReply,
} from './wire.ts'

export type { CloudId, OpenData, OpenDataType } from './open-data/cloud-ids.ts'
export type { CannedAnswer } from './openapi/canned-answers.ts'
export type { CustomerMessage } from './openapi/customer-service.ts'
export type { MediaCheck, Verdict } from './openapi/media-checks.ts'
export type { Grant, SentMessage } from './openapi/subscriptions.ts'
export type { PaymentRef, PaymentView, PayOptions, PayOutcome } from './pay/control.ts'
export type { RefundPlan } from './pay/refund-plans.ts'
export type { PushedMessage, PushRule } from './push/message-push.ts'

export interface Wechat extends Module {
  /** One request of `wx.openApi`, `wx.wxPayApi` (multipart) or `wx.api` (JSON). Throws WireError. */
  handle(
    action: 'wx.openApi' | 'wx.wxPayApi' | 'wx.api',
    parts: { text: Record<string, string>; binary: Record<string, Uint8Array> },
    caller: Caller,
  ): Promise<ByteReply | Record<string, unknown>>
  /** `/wx-pay/…` */
  routes: HttpRoute[]
  /** Functions that the platform brings along, for projects that have none of these names. */
  builtInFunctions: ReadonlyMap<string, BuiltInFunction>
  /** What stands in `event` for a CloudID that a page sent (`wx.cloud.CloudID`). */
  openData(cloudID: string, identity: { openid?: string }): OpenData
  /** The user's thumb, the bank and the moderator: what happens outside the functions. */
  control: Pick<OpenApiContext, People> & {
    payments: Pay['control']
    canned: CannedAnswers
    push: Pick<MessagePush, 'rules' | 'setRules' | 'list'>
    userMessages: UserMessages
  }
  /** To be called when `state` was replaced (snapshot imported or reset): takes up its pending work. */
  resume(): void
}

type People =
  | 'subscriptions'
  | 'words'
  | 'phoneCodes'
  | 'customerService'
  | 'mediaChecks'
  | 'cloudIds'
  | 'links'

export type BuiltInFunction = (event: unknown, identity: { openid?: string }) => Promise<unknown>

interface Caller {
  functionName?: string
  openid?: string
  source?: string
}

export interface WechatDeps {
  state: State
  clock: Clock
  ids: Ids
  log: Log
  faults: Faults
  appid: string
  envId: string
  permissionsOf(functionName: string): string[] | undefined
  invoke: Invoke
  /** Pages of the project's mini program (its app.json); without them no page is checked. */
  pages?(): string[] | undefined
  /** Where this cloud is served. */
  baseUrl?(): string
  openidOf?(userName: string): string | undefined
}

export function createWechat(deps: WechatDeps): Wechat {
  const { appid } = deps
  const pay = createPay({ ...deps, baseUrl: () => deps.baseUrl?.() ?? 'http://127.0.0.1' })
  const canned = createCannedAnswers(deps)
  const push = createMessagePush(deps)
  const services = createServices({ ...deps, push })
  const { mediaChecks, cloudIds, customerService } = services
  const userMessages = createUserMessages({ ...deps, push, customerService })
  const gate = { permissionsOf: deps.permissionsOf, canned, log: deps.log }

  function resume(): void {
    pay.resume()
    push.resume()
    mediaChecks.resume()
  }

  async function openApi(apiName: string, bytes: Uint8Array, caller: Caller): Promise<ByteReply> {
    const request = decodeOpenApiRequest(bytes)
    if (request.kind === 'openapi') return callOpenApi(apiName, request, caller, gate, services)
    if (request.kind === 'token') return crossAccountToken(request, caller, deps)
    if (request.kind === 'other') throw notEmulated(`${apiName} (${request.apiType})`)
    assertOwnMiniProgram(request.appid, appid)
    return callInnerService(apiName, request.data, caller, { appid, cloudIds })
  }

  async function payApi(
    apiName: string,
    binary: Record<string, Uint8Array>,
    requestData: Uint8Array,
    caller: Caller,
  ): Promise<ByteReply> {
    assertOwnMiniProgram(decodeApiOptions(binary.apiOptions ?? new Uint8Array()).appid, appid)
    const fields = decodePayRequest(requestData)
    const name = `cloudPay.${apiName}`
    const answer = canned.isSet(name) ? await canned.take(name) : undefined
    if (!answer) return pay.call(apiName, fields, caller)
    if (answer.errcode) throw new WireError(`${answer.errcode}`, answer.errmsg ?? 'canned answer')
    return answer.binary
      ? encodePayFile(Buffer.from(answer.binary.base64, 'base64'))
      : encodePayReply(answer.body ?? {})
  }

  return {
    name: 'wechat',
    async start() {
      resume()
    },
    async stop() {
      await mediaChecks.stop()
      await push.stop()
      await pay.stop()
    },
    resume,
    routes: v3Routes(pay.v3, (userName) => deps.openidOf?.(userName)),
    builtInFunctions: new Map([['cloudbase_module', (event, identity) => pay.v3.module(event, identity)]]),
    openData: (cloudID, { openid }) => cloudIds.read(cloudID, openid),
    control: {
      ...services,
      payments: pay.control,
      canned,
      push,
      userMessages,
    },
    async handle(action, { text, binary }, caller) {
      const apiName = text.apiName
      if (!apiName) throw new WireError('INVALID_PARAM', `${action} needs apiName`)
      if (action === 'wx.api') {
        return callOpenApiAsJson(apiName, text.requestData ?? '', caller, gate, services)
      }
      const requestData = binary.requestData
      if (!requestData) throw new WireError('INVALID_PARAM', `${action} needs requestData`)
      if (action === 'wx.openApi') return openApi(apiName, requestData, caller)
      return payApi(apiName, binary, requestData, caller)
    },
  }
}
