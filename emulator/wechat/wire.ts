/**
 * The bytes that `wx.openApi` and `wx.wxPayApi` carry: protobuf messages with the field numbers of
 * `wx-server-sdk` 4.0.2 (its bundled `protobuf/openapi.js`), and the two content types its reply rules depend on.
 */
import { createRequire } from 'node:module'
import type { Root, Type } from 'protobufjs'
import * as z from 'zod'
import { WireError } from '../core/errors.ts'

/** Any content type but `application/json; charset=utf-8`, which the SDK reads as a refusal (`tcbapirequester.ts`). */
const BYTES_REPLY = 'application/octet-stream'

export interface ByteReply {
  contentType: string
  body: Uint8Array
}

/** An argument of an open API: JSON when it parses as such, else the bytes of a picture or other medium. */
export type OpenApiArgument = { json: unknown } | { bytes: Uint8Array; fileName: string }

export interface OpenApiRequest {
  /** The mini program that the caller chose with `cloud.openapi({ appid })`. */
  appid?: string
  arguments: Record<string, OpenApiArgument>
}

/** Reads `requestData` of `wx.openApi`; anything but an open API call (cloud ids, tokens) gives `kind: 'other'`. */
export function decodeOpenApiRequest(
  bytes: Uint8Array,
): ({ kind: 'openapi' } & OpenApiRequest) | { kind: 'other'; apiType: string } {
  const message = commApiData.parse(decode('CommApiData', bytes))
  if (message.apiType !== 'OPEN_API') return { kind: 'other', apiType: message.apiType }
  const found: Record<string, OpenApiArgument> = {}
  for (const pair of message.openapiData?.pairs ?? []) found[pair.key] = readArgument(pair)
  return { kind: 'openapi', appid: message.appid || undefined, arguments: found }
}

/** The JSON body of a WeChat API as the SDK wants it: `{ errcode, errmsg, … }` inside `CommOpenApiResp`. */
export function encodeOpenApiReply(body: Record<string, unknown>): ByteReply {
  const respData = Buffer.from(JSON.stringify(body))
  return encodeReply({ respData, contentType: 'application/json', httpCode: 200 })
}

/** A refusal of the platform itself, before the API: -604100 no such API, -604101 no permission. */
export function encodeOpenApiRefusal(errorCode: number): ByteReply {
  return encodeReply({ errorCode })
}

/** Reads `requestData` of `wx.wxPayApi`: JSON text with snake_case keys. */
export function decodePayRequest(bytes: Uint8Array): Record<string, unknown> {
  const parsed = payRequest.safeParse(parseJson(Buffer.from(bytes).toString('utf8')))
  if (!parsed.success) throw new WireError('INVALID_PARAM', 'the data of a pay call must be an object')
  return parsed.data
}

/** Reads `apiOptions` of `wx.wxPayApi`. */
export function decodeApiOptions(bytes: Uint8Array): { appid?: string } {
  return { appid: apiOptions.parse(decode('ApiOptions', bytes)).appid || undefined }
}

export function encodePayReply(body: Record<string, unknown>): ByteReply {
  return { contentType: BYTES_REPLY, body: Buffer.from(JSON.stringify(body)) }
}

export function encodePayFile(bytes: Uint8Array): ByteReply {
  return { contentType: BYTES_REPLY, body: bytes }
}

const keyValuePair = z.object({
  key: z.string(),
  value: z.instanceof(Uint8Array),
  contenttype: z.string(),
  filename: z.string(),
})
const commApiData = z.object({
  apiType: z.string(),
  appid: z.string(),
  openapiData: z.object({ pairs: z.array(keyValuePair) }).nullish(),
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

function decode(name: string, bytes: Uint8Array): unknown {
  const type = messageType(name)
  try {
    return type.toObject(type.decode(bytes), { defaults: true, enums: String, arrays: true })
  } catch (cause) {
    throw new WireError('INVALID_PARAM', `requestData is not a ${name} message`, { cause })
  }
}

function encodeReply(fields: Record<string, unknown>): ByteReply {
  const type = messageType('CommOpenApiResp')
  return { contentType: BYTES_REPLY, body: type.encode(type.fromObject(fields)).finish() }
}

let root: Root | undefined

/** Built at the first call: a local cloud without open API calls does not load protobufjs. */
function messageType(name: string): Type {
  root ??= buildRoot()
  return root.lookupType(name)
}

function buildRoot(): Root {
  // `require`, because the messages are wanted synchronously and only on demand.
  const protobuf: typeof import('protobufjs') = createRequire(import.meta.url)('protobufjs')
  return protobuf.Root.fromJSON({
    nested: {
      KeyValuePair: message({
        key: ['string', 1],
        value: ['bytes', 2],
        contenttype: ['string', 3],
        filename: ['string', 4],
      }),
      OpenApiData: message({ pairs: ['KeyValuePair', 1, 'repeated'] }),
      ApiType: { values: { OPEN_API: 0, INNER_API: 1, SVRKIT_API: 2, TOKEN_API: 3 } },
      // Cloud ids and tokens of other kinds of call are skipped: only `apiType` is needed to name them.
      CommApiData: message({
        apiType: ['ApiType', 1],
        openapiData: ['OpenApiData', 2],
        appid: ['string', 6],
      }),
      CommOpenApiResp: message({
        respData: ['bytes', 1],
        contentType: ['string', 2],
        errorCode: ['int32', 3],
        httpCode: ['uint32', 4],
      }),
      ApiOptions: message({ appid: ['string', 1] }),
    },
  })
}

function message(fields: Record<string, [type: string, id: number, rule?: 'repeated']>) {
  const entries = Object.entries(fields).map(([name, [type, id, rule]]) => [name, { type, id, rule }])
  // `undefined` rules are dropped: protobufjs refuses a rule it does not know.
  return JSON.parse(JSON.stringify({ fields: Object.fromEntries(entries) }))
}
