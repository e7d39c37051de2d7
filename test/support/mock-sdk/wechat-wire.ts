/** The protobuf messages of `wx.openApi`, from the caller's side (wx-server-sdk 4.0.2 `protobuf/openapi.js`). */
import protobuf from 'protobufjs'

export interface OpenApiReply {
  respData: Uint8Array
  contentType: string
  errorCode: number
}

export function encodeOpenApiRequest(
  pairs: { key: string; value: Uint8Array; filename?: string }[],
  appid: string | undefined,
): Uint8Array {
  return encode('CommApiData', { apiType: 0, openapiData: { pairs }, ...(appid !== undefined && { appid }) })
}

/** A call of one of WeChat's inner services, whose request is a message of its own. */
export function encodeServiceRequest(
  apiName: string,
  messageName: string,
  fields: Record<string, unknown>,
  appid: string | undefined,
): Uint8Array {
  const svrkitData = { apiName, reqData: encode(messageName, fields) }
  return encode('CommApiData', { apiType: 2, svrkitData, ...(appid !== undefined && { appid }) })
}

export function decodeServiceReply(messageName: string, bytes: Uint8Array): Record<string, unknown> {
  const type = root.lookupType(messageName)
  return type.toObject(type.decode(bytes), { defaults: true, arrays: true })
}

export function decodeOpenApiReply(bytes: Uint8Array): OpenApiReply {
  const type = root.lookupType('CommOpenApiResp')
  const { respData, contentType, errorCode } = type.toObject(type.decode(bytes), { defaults: true })
  return { respData, contentType, errorCode }
}

export function encodeApiOptions(appid: string | undefined): Uint8Array {
  return encode('ApiOptions', appid === undefined ? {} : { appid })
}

function encode(messageName: string, fields: Record<string, unknown>): Uint8Array {
  const type = root.lookupType(messageName)
  return type.encode(type.fromObject(fields)).finish()
}

const root = protobuf.parse(`
  syntax = "proto3";
  message KeyValuePair { string key = 1; bytes value = 2; string contenttype = 3; string filename = 4; }
  message OpenApiData { repeated KeyValuePair pairs = 1; }
  message SvrkitApiData { string apiName = 1; bytes reqData = 2; }
  message CommApiData {
    int32 apiType = 1; OpenApiData openapiData = 2; SvrkitApiData svrkitData = 4; string appid = 6;
  }
  message CommOpenApiResp { bytes respData = 1; string contentType = 2; int32 errorCode = 3; }
  message ApiOptions { string appid = 1; }
  message ApiGetOpenDataByCloudIdReq { repeated string cloudidList = 2; }
  message OpDataItem { string cloudId = 1; string json = 2; }
  message ApiGetOpenDataByCloudIdResp { repeated OpDataItem dataList = 1; }
  message ApiVoipSignReq { string groupId = 2; uint32 timestamp = 3; string nonce = 4; }
  message ApiVoipSignResp { string signature = 1; }
  message GetCloudCallSignReq { repeated string parameterList = 2; }
  message GetCloudCallSignResp { string signature = 1; }
`).root
