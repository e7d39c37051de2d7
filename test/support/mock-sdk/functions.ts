import { randomUUID } from 'node:crypto'
import { assertFields } from './check.ts'
import { mock } from './control.ts'
import { CloudSDKError, replyOrThrow, toSdkError } from './errors.ts'

/** wx-server-sdk `functions/api/callFunction.ts`; the call goes to a function in this process. */
export async function callFunction(options?: { name: string; data?: object }) {
  const apiName = 'callFunction'
  const requestId = randomUUID()
  try {
    if (!options) throw { errMsg: `Params for callFunction must be an object instead of ${typeof options}` }
    assertFields(
      options,
      Object.hasOwn(options, 'data') ? { name: 'string', data: 'object' } : { name: 'string' },
    )
    const event: unknown = JSON.parse(JSON.stringify(options.data ?? {}))
    const reply = await mock.cloud().askFunction(options.name, event, mock.invocation())
    const { json } = replyOrThrow({ ...reply, requestId })
    return {
      // A function that returned nothing gives null, as the emulator has it.
      result: typeof json === 'string' ? parsedTwice(json) : null,
      errMsg: `${apiName}:ok`,
      requestID: requestId,
    }
  } catch (cause) {
    throw toSdkError(cause, apiName)
  }
}

/** node-sdk parses the reply, and wx-server-sdk parses once more what is still text. */
function parsedTwice(text: string): unknown {
  const once: unknown = JSON.parse(text)
  if (typeof once !== 'string') return once
  try {
    return JSON.parse(once)
  } catch {
    return once
  }
}

/** `utils/api/getWXContext.ts`: nothing outside of an invocation; digits become a number, as they do there. */
export function getWXContext(): Record<string, string | number | undefined> {
  const invocation = mock.invocation()
  if (!invocation) return {}
  const { openid, appid, unionid, clientIp, source, cloud } = invocation
  const values = { OPENID: openid, APPID: appid, UNIONID: unionid, CLIENTIP: clientIp }
  const context: Record<string, string | number | undefined> = {}
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) context[key] = /^-?\d+$/.test(value) ? Number.parseInt(value, 10) : value
  }
  context.ENV = cloud.envId
  if (source) context.SOURCE = source
  return context
}

export function assertInited(inited: boolean): void {
  if (inited) return
  throw new CloudSDKError({
    errMsg:
      "Cloud API isn't enabled, please call init first\n请先调用 init 完成初始化后再调用其他云 API。init 方法可传入一个对象用于设置默认配置，详见文档。",
  })
}
