/** The protobuf messages of `wx.openApi`, with the field numbers of `wx-server-sdk` 4.0.2 (`protobuf/openapi.js`). */
import { createRequire } from 'node:module'
import type { Root, Type } from 'protobufjs'
import { WireError } from '../core/errors.ts'

/** Absent fields get their default. Throws WireError when `bytes` are no such message. */
export function decodeMessage(name: string, bytes: Uint8Array): unknown {
  const type = messageType(name)
  try {
    return type.toObject(type.decode(bytes), { defaults: true, enums: String, arrays: true })
  } catch (cause) {
    throw new WireError('INVALID_PARAM', `requestData is not a ${name} message`, { cause })
  }
}

export function encodeMessage(name: string, fields: Record<string, unknown>): Uint8Array {
  const type = messageType(name)
  return type.encode(type.fromObject(fields)).finish()
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
  return protobuf.Root.fromJSON({ nested: MESSAGES })
}

const MESSAGES = {
  KeyValuePair: message({
    key: ['string', 1],
    value: ['bytes', 2],
    contenttype: ['string', 3],
    filename: ['string', 4],
  }),
  OpenApiData: message({ pairs: ['KeyValuePair', 1, 'repeated'] }),
  SvrkitApiData: message({ apiName: ['string', 1], reqData: ['bytes', 2] }),
  TokenApiData: message({ resourceAppid: ['string', 1], resourceEnv: ['string', 2] }),
  ApiType: { values: { OPEN_API: 0, INNER_API: 1, SVRKIT_API: 2, TOKEN_API: 3 } },
  CommApiData: message({
    apiType: ['ApiType', 1],
    openapiData: ['OpenApiData', 2],
    svrkitData: ['SvrkitApiData', 4],
    tokenData: ['TokenApiData', 5],
    appid: ['string', 6],
  }),
  CommOpenApiResp: message({
    respData: ['bytes', 1],
    contentType: ['string', 2],
    errorCode: ['int32', 3],
    httpCode: ['uint32', 4],
    svrkitErrorCode: ['int32', 6],
  }),
  ApiOptions: message({ appid: ['string', 1] }),
  ApiGetOpenDataByCloudIdReq: message({ cloudidList: ['string', 2, 'repeated'], appid: ['string', 3] }),
  OpDataItem: message({ cloudId: ['string', 1], json: ['string', 2] }),
  ApiGetOpenDataByCloudIdResp: message({ dataList: ['OpDataItem', 1, 'repeated'] }),
  ApiVoipSignReq: message({ groupId: ['string', 2], timestamp: ['uint32', 3], nonce: ['string', 4] }),
  ApiVoipSignResp: message({ signature: ['string', 1] }),
  GetCloudCallSignReq: message({ parameterList: ['string', 2, 'repeated'] }),
  GetCloudCallSignResp: message({ signature: ['string', 1] }),
  TcbCredentials: message({ secretId: ['string', 1], secretKey: ['string', 2], token: ['string', 3] }),
  AuthorizationInfo: message({ tcbCredentials: ['TcbCredentials', 1], wxParam: ['bytes', 2] }),
}

function message(fields: Record<string, [type: string, id: number, rule?: 'repeated']>) {
  const entries = Object.entries(fields).map(([name, [type, id, rule]]) => [name, { type, id, rule }])
  // `undefined` rules are dropped: protobufjs refuses a rule it does not know.
  return JSON.parse(JSON.stringify({ fields: Object.fromEntries(entries) }))
}
