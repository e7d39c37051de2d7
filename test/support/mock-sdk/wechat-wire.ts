/** The protobuf messages of `wx.openApi`, from the caller's side (wx-server-sdk 4.0.2 `protobuf/openapi.js`). */
import protobuf from 'protobufjs'

export interface OpenApiReply {
  respData: Uint8Array
  contentType: string
  errorCode: number
}

export function encodeOpenApiRequest(
  pairs: { key: string; value: Uint8Array; filename?: string }[],
): Uint8Array {
  const type = root.lookupType('CommApiData')
  return type.encode(type.fromObject({ apiType: 0, openapiData: { pairs } })).finish()
}

export function decodeOpenApiReply(bytes: Uint8Array): OpenApiReply {
  const type = root.lookupType('CommOpenApiResp')
  const { respData, contentType, errorCode } = type.toObject(type.decode(bytes), { defaults: true })
  return { respData, contentType, errorCode }
}

export function encodeApiOptions(appid: string | undefined): Uint8Array {
  const type = root.lookupType('ApiOptions')
  return type.encode(type.fromObject(appid === undefined ? {} : { appid })).finish()
}

const root = protobuf.parse(`
  syntax = "proto3";
  message KeyValuePair { string key = 1; bytes value = 2; string contenttype = 3; string filename = 4; }
  message OpenApiData { repeated KeyValuePair pairs = 1; }
  message CommApiData { int32 apiType = 1; OpenApiData openapiData = 2; string appid = 6; }
  message CommOpenApiResp { bytes respData = 1; string contentType = 2; int32 errorCode = 3; }
  message ApiOptions { string appid = 1; }
`).root
