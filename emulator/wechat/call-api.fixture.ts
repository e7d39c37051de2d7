import type { Simulator } from './simulator.fixture.ts'

/** For tests: one open API by its name, as `cloud.callOpenAPI` calls it, with the reply as WeChat sends it. */
export async function callApi(
  { wechat }: Pick<Simulator, 'wechat'>,
  apiName: string,
  args: Record<string, unknown>,
  caller: { functionName?: string; openid?: string } = {},
): Promise<Record<string, unknown>> {
  const text = { apiName, requestData: JSON.stringify(args) }
  const reply = await wechat.handle('wx.api', { text, binary: {} }, caller)
  const { responseData } = (reply as { data: { responseData: string } }).data // the reply of wx.api
  return JSON.parse(responseData)
}
