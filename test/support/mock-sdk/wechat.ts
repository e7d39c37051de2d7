import { isPlainRecord } from './check.ts'
import { mock } from './control.ts'
import { toCamelCase, toSnakeCase } from './convert-case.ts'
import { CloudSDKError } from './errors.ts'
import { anyApi } from './proxy.ts'
import { send, wrapped } from './wechat-send.ts'
import { decodeOpenApiReply, encodeApiOptions, encodeOpenApiRequest } from './wechat-wire.ts'

export { callOpenAPI, getCloudCallSign, getOpenData, getVoIPSign } from './wechat-services.ts'

/** `cloud.openapi.a.b(data)` (`openapi/namespace/generic.ts`). */
export const openapi = anyApi(async (api, data, options) => {
  const display = `openapi.${api}`
  return wrapped(display, async () => {
    const override = mock.cloud().overrides.get(display)
    if (override) return { ...toRecord(await override(data)), errMsg: `${display}:ok`, errCode: 0 }
    const converted = options.convertCase === false ? data : toSnakeCase(data)
    const reply = await send('wx.openApi', api, {
      requestData: encodeOpenApiRequest(pairsOf(converted), appidOf(options)),
    })
    return {
      ...readOpenApiReply(reply, display, options.convertCase !== false),
      errMsg: `${display}:ok`,
      errCode: 0,
    }
  })
})

/** `cloud.cloudPay.x(data)` (`cloudpay/namespace/generic.ts`): resolves also when the business failed. */
export const cloudPay = anyApi(async (api, data, options) => {
  const display = `cloudPay.${api}`
  return wrapped(display, async () => {
    const override = mock.cloud().overrides.get(display)
    if (override) return { ...toRecord(await override(data)), errCode: 0, errMsg: `${display}:ok` }
    const converted = toRecord(toSnakeCase(data))
    const reply = await send('wx.wxPayApi', api, {
      requestData: Buffer.from(JSON.stringify(converted)),
      apiOptions: encodeApiOptions(appidOf(options)),
    })
    return { ...readPayReply(reply, api, converted), errCode: 0, errMsg: `${display}:ok` }
  })
})

function appidOf({ appid }: Record<string, unknown>): string | undefined {
  return typeof appid === 'string' ? appid : undefined
}

function pairsOf(data: unknown): { key: string; value: Uint8Array; filename?: string }[] {
  return Object.entries(toRecord(data)).flatMap(([key, value]) => {
    if (isPlainRecord(value) && Buffer.isBuffer(value.value) && (value.contentType ?? value.content_type)) {
      return { key, value: value.value, filename: `${key}.png` }
    }
    const text = JSON.stringify(value)
    return text === undefined ? [] : { key, value: Buffer.from(text) }
  })
}

function readOpenApiReply(bytes: Buffer, display: string, camelCase: boolean): Record<string, unknown> {
  const reply = decodeOpenApiReply(bytes)
  if (reply.errorCode) {
    throw new CloudSDKError({
      errCode: reply.errorCode,
      errMsg: `system error: error code: ${reply.errorCode}`,
    })
  }
  if (!/(application\/json)|(text\/plain)/.test(reply.contentType)) {
    return { contentType: reply.contentType.trim(), buffer: Buffer.from(reply.respData) }
  }
  const { errcode, errmsg, ...result } = toRecord(JSON.parse(Buffer.from(reply.respData).toString('utf8')))
  if (errcode) throw new CloudSDKError({ errCode: Number(errcode), errMsg: `${display}:fail ${errmsg}` })
  return camelCase ? toRecord(toCamelCase(result)) : result
}

function readPayReply(bytes: Buffer, api: string, request: Record<string, unknown>): Record<string, unknown> {
  const text = bytes.toString('utf8')
  try {
    return toRecord(toCamelCase(JSON.parse(text)))
  } catch {
    if (api === 'downloadBill') return { data: request.tar_type === 'GZIP' ? bytes : text }
    throw new CloudSDKError({ errCode: -601001, errMsg: `${api}:fail unknown wx response received: ${text}` })
  }
}

function toRecord(value: unknown): Record<string, unknown> {
  return isPlainRecord(value) ? value : {}
}
