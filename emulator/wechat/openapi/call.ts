import { notEmulated, WireError } from '../../core/errors.ts'
import { type ByteReply, decodeOpenApiRequest, encodeOpenApiRefusal, encodeOpenApiReply } from '../wire.ts'
import { type OpenApiCall, type OpenApiContext, OpenApiError, plainArguments } from './api.ts'
import { NOT_BUILT_YET, OPEN_APIS } from './registry.ts'

export interface OpenApiGate {
  /** `permissions.openapi` of the function's config.json; undefined when there is no such function. */
  permissionsOf(functionName: string): string[] | undefined
}

const API_NOT_FOUND = -604100
const NO_PERMISSION = -604101

/** `wx.openApi`: protobuf in and out. */
export async function callOpenApi(
  apiName: string,
  requestData: Uint8Array,
  caller: { functionName?: string },
  gate: OpenApiGate,
  ctx: OpenApiContext,
): Promise<ByteReply> {
  const request = decodeOpenApiRequest(requestData)
  if (request.kind === 'other') throw notEmulated(`${apiName} (${request.apiType})`)
  assertOwnMiniProgram(request.appid, ctx.appid)
  const refusal = findRefusal(apiName, caller.functionName, gate)
  if (refusal !== undefined) return encodeOpenApiRefusal(refusal)
  const call = { arguments: plainArguments(request.arguments), functionName: caller.functionName }
  return encodeOpenApiReply(await run(apiName, call, ctx))
}

/** `wx.api` (`cloud.callOpenAPI`): JSON in and out, the API's own refusals as part of the result. */
export async function callOpenApiAsJson(
  apiName: string,
  requestData: string,
  caller: { functionName?: string },
  gate: OpenApiGate,
  ctx: OpenApiContext,
): Promise<Record<string, unknown>> {
  const refusal = findRefusal(apiName, caller.functionName, gate)
  if (refusal === API_NOT_FOUND) throw new WireError(`${refusal}`, `API not found: ${apiName}`)
  if (refusal !== undefined)
    throw new WireError(`${refusal}`, `function has no permission to call ${apiName}`)
  const call = { arguments: parseArguments(requestData), functionName: caller.functionName }
  return { data: { responseData: JSON.stringify(await run(apiName, call, ctx)) } }
}

/** One mini program is emulated; acting for another one (`cloud.openapi({ appid })`) must not look as if it worked. */
export function assertOwnMiniProgram(given: string | undefined, own: string): void {
  if (given !== undefined && given !== own) throw notEmulated(`acting for the mini program ${given}`)
}

/** Whoever calls outside a function (a test, a script) has no config.json to be checked against. */
function findRefusal(
  apiName: string,
  functionName: string | undefined,
  gate: OpenApiGate,
): number | undefined {
  if (!OPEN_APIS.has(apiName) && !NOT_BUILT_YET.has(apiName)) return API_NOT_FOUND
  if (functionName === undefined) return undefined
  return gate.permissionsOf(functionName)?.includes(apiName) ? undefined : NO_PERMISSION
}

async function run(
  apiName: string,
  call: OpenApiCall,
  ctx: OpenApiContext,
): Promise<Record<string, unknown>> {
  const api = OPEN_APIS.get(apiName)
  if (!api) throw notEmulated(`openapi.${apiName}`)
  try {
    return { errcode: 0, errmsg: 'ok', ...(await api(call, ctx)) }
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
