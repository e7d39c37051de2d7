/** `api/open/api/*.ts` of the SDK: calls of WeChat that are no `cloud.openapi`. */
import { randomUUID } from 'node:crypto'
import { assertFields } from './check.ts'
import { mock } from './control.ts'
import { CloudSDKError, replyOrThrow, toSdkError } from './errors.ts'
import { send, wrapped } from './wechat-send.ts'
import { decodeOpenApiReply, decodeServiceReply, encodeServiceRequest } from './wechat-wire.ts'

export async function getOpenData(options?: { list?: string[]; appid?: string }) {
  return wrapped('getOpenData', async () => {
    assertGiven(options, 'getOpenData')
    if (!options.list) throw new Error('list must be provided')
    const override = mock.cloud().overrides.get('getOpenData')
    const list = override ? await override(options.list) : await readOpenData(options.list, options.appid)
    return { list, errMsg: 'getOpenData:ok', errCode: 0 }
  })
}

export async function getVoIPSign(options?: { groupId: string; timestamp: number; nonce: string }) {
  return wrapped('getVoIPSign', async () => {
    assertGiven(options, 'getVoIPSign')
    assertFields(options, { groupId: 'string', timestamp: 'number', nonce: 'string' })
    const { signature } = await callService('ApiVoipSign', 'ApiVoipSignReq', 'ApiVoipSignResp', options)
    return { signature, errMsg: 'getVoIPSign:ok', errCode: 0 }
  })
}

export async function getCloudCallSign(options?: { parameterList: string[] }) {
  return wrapped('getCloudCallSign', async () => {
    assertGiven(options, 'getCloudCallSign')
    const { signature } = await callService(
      'GetCloudCallSign',
      'GetCloudCallSignReq',
      'GetCloudCallSignResp',
      options,
    )
    return { signature, errMsg: 'getCloudCallSign:ok', errCode: 0 }
  })
}

/** The older JSON form: keys as they are, and WeChat's own refusals are results. */
export async function callOpenAPI(options?: { api: string; data?: object }) {
  try {
    assertGiven(options, 'callOpenAPI')
    assertFields(options, options.data ? { api: 'string', data: 'object' } : { api: 'string' })
    const text = { requestData: options.data === undefined ? '' : JSON.stringify(options.data) }
    const reply = await mock.cloud().askWechat('wx.api', options.api, { text }, mock.invocation())
    const { data } = replyOrThrow({ ...reply, requestId: randomUUID() })
    // As the emulator answers `wx.api`: `{ responseData }`, which is JSON text.
    const result: unknown = JSON.parse((data as { responseData: string }).responseData)
    return { result, errMsg: 'callOpenAPI:ok' }
  } catch (cause) {
    throw toSdkError(cause, 'callOpenAPI')
  }
}

async function readOpenData(list: string[], appid: string | undefined): Promise<unknown[]> {
  const { dataList } = await callService(
    'ApiGetOpenDataByCloudId',
    'ApiGetOpenDataByCloudIdReq',
    'ApiGetOpenDataByCloudIdResp',
    { cloudidList: list },
    appid,
  )
  return (dataList as { json: string }[]).map(({ json }) => JSON.parse(json))
}

async function callService(
  apiName: string,
  requestName: string,
  replyName: string,
  fields: Record<string, unknown>,
  appid?: string,
): Promise<Record<string, unknown>> {
  const requestData = encodeServiceRequest(apiName, requestName, fields, appid)
  const { respData, errorCode } = decodeOpenApiReply(await send('wx.openApi', apiName, { requestData }))
  if (errorCode)
    throw new CloudSDKError({ errCode: errorCode, errMsg: `system error: error code: ${errorCode}` })
  return decodeServiceReply(replyName, respData)
}

function assertGiven<T>(options: T | undefined, apiName: string): asserts options is T {
  if (!options) throw { errMsg: `Params for ${apiName} must be an object instead of ${typeof options}` }
}
