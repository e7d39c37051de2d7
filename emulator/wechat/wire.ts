/**
 * What `wx.openApi` and `wx.wxPayApi` carry (messages: `protobuf.ts`), and the two content types that the SDK's reading of
 * replies depends on.
 */
import * as z from 'zod'
import { WireError } from '../core/errors.ts'
import { decodeMessage, encodeMessage } from './protobuf.ts'

/** Any content type but `application/json; charset=utf-8`, which the SDK reads as a refusal (`tcbapirequester.ts`). */
const BYTES_REPLY = 'application/octet-stream'

export interface ByteReply {
  contentType: string
  body: Uint8Array
}

/** An argument of an open API: JSON when it parses as such, else the bytes of a picture or other medium. */
export type OpenApiArgument = { json: unknown } | { bytes: Uint8Array; fileName: string }

/** One envelope carries four kinds of call: open APIs, WeChat's inner services, tokens of another account, plain HTTP. */
export type OpenApiRequest =
  /** `appid`: the mini program that the caller chose with `cloud.openapi({ appid })`. */
  | { kind: 'openapi'; appid?: string; arguments: Record<string, OpenApiArgument> }
  | { kind: 'service'; appid?: string; data: Uint8Array }
  | { kind: 'token'; resourceAppid: string; resourceEnv: string }
  | { kind: 'other'; apiType: string }

/** Reads `requestData` of `wx.openApi`. */
export function decodeOpenApiRequest(bytes: Uint8Array): OpenApiRequest {
  const parsed = commApiData.safeParse(decodeMessage('CommApiData', bytes))
  if (!parsed.success) throw new WireError('INVALID_PARAM', 'requestData is not a CommApiData message')
  const message = parsed.data
  const appid = message.appid || undefined
  if (message.apiType === 'SVRKIT_API') {
    return { kind: 'service', appid, data: message.svrkitData?.reqData ?? new Uint8Array() }
  }
  if (message.apiType === 'TOKEN_API') {
    const { resourceAppid = '', resourceEnv = '' } = message.tokenData ?? {}
    return { kind: 'token', resourceAppid, resourceEnv }
  }
  if (message.apiType !== 'OPEN_API') return { kind: 'other', apiType: message.apiType }
  const pairs = message.openapiData?.pairs ?? []
  const found = Object.fromEntries(pairs.map((pair) => [pair.key, readArgument(pair)]))
  return { kind: 'openapi', appid, arguments: found }
}

/** The JSON body of a WeChat API as the SDK wants it: `{ errcode, errmsg, … }` inside `CommOpenApiResp`. */
export function encodeOpenApiReply(body: Record<string, unknown>): ByteReply {
  return encodeOpenApiFile('application/json', Buffer.from(JSON.stringify(body)))
}

/** A picture or another medium; the SDK gives it as `{ contentType, buffer }`. */
export function encodeOpenApiFile(contentType: string, respData: Uint8Array): ByteReply {
  return encodeReply({ respData, contentType, httpCode: 200 })
}

/** A refusal of the platform itself, before the API: -604100 no such API, -604101 no permission. */
export function encodeOpenApiRefusal(errorCode: number): ByteReply {
  return encodeReply({ errorCode })
}

/** The reply of an inner service: another message, by its name, inside `CommOpenApiResp`. */
export function encodeServiceReply(messageName: string, fields: Record<string, unknown>): ByteReply {
  return encodeReply({ respData: encodeMessage(messageName, fields) })
}

/** Reads `requestData` of `wx.wxPayApi`: JSON text with snake_case keys. */
export function decodePayRequest(bytes: Uint8Array): Record<string, unknown> {
  const parsed = payRequest.safeParse(parseJson(Buffer.from(bytes).toString('utf8')))
  if (!parsed.success) throw new WireError('INVALID_PARAM', 'the data of a pay call must be an object')
  return parsed.data
}

/** Reads `apiOptions` of `wx.wxPayApi`. */
export function decodeApiOptions(bytes: Uint8Array): { appid?: string } {
  return { appid: apiOptions.parse(decodeMessage('ApiOptions', bytes)).appid || undefined }
}

export function encodePayReply(body: Record<string, unknown>): ByteReply {
  return { contentType: BYTES_REPLY, body: Buffer.from(JSON.stringify(body)) }
}

export function encodePayFile(bytes: Uint8Array): ByteReply {
  return { contentType: BYTES_REPLY, body: bytes }
}

const bytes = z.instanceof(Uint8Array)
const keyValuePair = z.object({
  key: z.string(),
  value: bytes,
  contenttype: z.string(),
  filename: z.string(),
})
const commApiData = z.object({
  apiType: z.string(),
  appid: z.string(),
  openapiData: z.object({ pairs: z.array(keyValuePair) }).nullish(),
  svrkitData: z.object({ reqData: bytes }).nullish(),
  tokenData: z.object({ resourceAppid: z.string(), resourceEnv: z.string() }).nullish(),
})
const apiOptions = z.object({ appid: z.string() })
const payRequest = z.record(z.string(), z.unknown())

function readArgument(pair: z.output<typeof keyValuePair>): OpenApiArgument {
  const { value, filename } = pair
  // Only media carry a file name (wx-server-sdk `param-converter.ts`); every other value is JSON text.
  if (filename !== '') return { bytes: value, fileName: filename }
  return { json: parseJson(Buffer.from(value).toString('utf8')) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new WireError('INVALID_PARAM', 'requestData is not valid JSON', { cause })
  }
}

function encodeReply(fields: Record<string, unknown>): ByteReply {
  return { contentType: BYTES_REPLY, body: encodeMessage('CommOpenApiResp', fields) }
}
