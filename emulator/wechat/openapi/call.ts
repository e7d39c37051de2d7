import { notEmulated, WireError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import {
  type ByteReply,
  encodeOpenApiFile,
  encodeOpenApiRefusal,
  encodeOpenApiReply,
  type OpenApiRequest,
} from '../wire.ts'
import {
  type OpenApiCall,
  type OpenApiContext,
  OpenApiError,
  OpenApiFile,
  type OpenApiReply,
  plainArguments,
} from './api.ts'
import type { CannedAnswer, CannedAnswers } from './canned-answers.ts'
import { NOT_BUILT_YET, OPEN_APIS } from './registry.ts'

export interface OpenApiGate {
  /** `permissions.openapi` of the function's config.json; undefined when there is no such function. */
  permissionsOf(functionName: string): string[] | undefined
  canned: CannedAnswers
  log: Log
}

interface Caller {
  functionName?: string
  openid?: string
}

const API_NOT_FOUND = -604100
const NO_PERMISSION = -604101
/** Codes below are the platform's: they travel beside the reply of the API, not in it. */
const PLATFORM_CODES = -600_000

/** `wx.openApi`: protobuf in and out. */
export async function callOpenApi(
  apiName: string,
  request: OpenApiRequest & { kind: 'openapi' },
  caller: Caller,
  gate: OpenApiGate,
  ctx: OpenApiContext,
): Promise<ByteReply> {
  assertOwnMiniProgram(request.appid, ctx.appid)
  const answer = await answerOf(
    apiName,
    { ...caller, arguments: plainArguments(request.arguments) },
    gate,
    ctx,
  )
  if (typeof answer === 'number') return encodeOpenApiRefusal(answer)
  if (answer instanceof OpenApiFile) return encodeOpenApiFile(answer.contentType, answer.bytes)
  return encodeOpenApiReply(answer)
}

/** `wx.api` (`cloud.callOpenAPI`): JSON in and out, the API's own refusals as part of the result. */
export async function callOpenApiAsJson(
  apiName: string,
  requestData: string,
  caller: Caller,
  gate: OpenApiGate,
  ctx: OpenApiContext,
): Promise<Record<string, unknown>> {
  const call = { ...caller, arguments: parseArguments(requestData) }
  const answer = await answerOf(apiName, call, gate, ctx)
  if (answer === API_NOT_FOUND) throw new WireError(`${answer}`, `API not found: ${apiName}`)
  if (answer === NO_PERMISSION) {
    throw new WireError(`${answer}`, `function has no permission to call ${apiName}`)
  }
  if (typeof answer === 'number') throw new WireError(`${answer}`, `error code: ${answer}`)
  if (!(answer instanceof OpenApiFile)) return { data: { responseData: JSON.stringify(answer) } }
  const { contentType, bytes } = answer
  const file = { contentType, buffer: Buffer.from(bytes).toString('base64') }
  return { data: { responseData: JSON.stringify(file) } }
}

/** One mini program is emulated; acting for another one (`cloud.openapi({ appid })`) must not look as if it worked. */
export function assertOwnMiniProgram(given: string | undefined, own: string): void {
  if (given !== undefined && given !== own) throw notEmulated(`acting for the mini program ${given}`)
}

/** The reply, or the number with which the platform refuses before the API is asked. */
async function answerOf(
  apiName: string,
  call: OpenApiCall,
  gate: OpenApiGate,
  ctx: OpenApiContext,
): Promise<OpenApiReply | number> {
  if (!OPEN_APIS.has(apiName) && !NOT_BUILT_YET.has(apiName) && !gate.canned.isSet(apiName))
    return API_NOT_FOUND
  // Whoever calls outside a function (a test, a script) has no config.json to be checked against.
  if (call.functionName !== undefined && !gate.permissionsOf(call.functionName)?.includes(apiName)) {
    gate.log.warn('wechat', `${apiName} is refused: ${mendingWords(call.functionName, apiName)}`)
    return NO_PERMISSION
  }
  const canned = await gate.canned.take(apiName)
  return canned ? cannedReply(canned) : run(apiName, call, ctx)
}

function mendingWords(functionName: string, apiName: string): string {
  const wanted = `{ "permissions": { "openapi": ["${apiName}"] } }`
  return `add it to config.json of function ${functionName}, ${wanted}, and deploy with it`
}

function cannedReply({ errcode = 0, errmsg, body, binary }: CannedAnswer): OpenApiReply | number {
  if (errcode < PLATFORM_CODES) return errcode
  if (errcode === 0 && binary)
    return new OpenApiFile(binary.contentType, Buffer.from(binary.base64, 'base64'))
  return { errcode, errmsg: errmsg ?? (errcode === 0 ? 'ok' : 'system error'), ...body }
}

async function run(apiName: string, call: OpenApiCall, ctx: OpenApiContext): Promise<OpenApiReply> {
  const api = OPEN_APIS.get(apiName)
  if (!api) {
    throw notEmulated(`openapi.${apiName}; PUT /control/openapi/${apiName} {"body":{…}} gives it an answer`)
  }
  try {
    const reply = await api(call, ctx)
    return reply instanceof OpenApiFile ? reply : { errcode: 0, errmsg: 'ok', ...reply }
  } catch (error) {
    if (!(error instanceof OpenApiError)) throw error
    const rid = [ctx.ids.hex(4), ctx.ids.hex(4), ctx.ids.hex(4)].join('-')
    return { errcode: error.errcode, errmsg: `${error.errmsg} rid: ${rid}` }
  }
}

function parseArguments(text: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = text === '' ? {} : JSON.parse(text)
  } catch (cause) {
    throw new WireError('INVALID_PARAM', 'requestData is not valid JSON', { cause })
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new WireError('INVALID_PARAM', 'requestData must be a JSON object')
  }
  return Object.fromEntries(Object.entries(parsed))
}
