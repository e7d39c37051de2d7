import { type OpenApi, OpenApiError } from './api.ts'

/** `cloudbase.getOpenData`: the open API's way to what `cloud.getOpenData` reads. */
export const cloudbaseGetOpenData: OpenApi = async (call, ctx) => {
  const list = call.arguments.cloudid_list
  if (!Array.isArray(list)) throw new OpenApiError(47001, 'data format error')
  const openid = call.functionName === undefined ? call.openid : (call.openid ?? '')
  const dataList = list.map((id) => ({ cloud_id: `${id}`, json: ctx.cloudIds.read(`${id}`, openid) }))
  return { data_list: dataList }
}
