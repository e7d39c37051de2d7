import { mock } from './control.ts'
import { errCodeOf, toSdkError } from './errors.ts'

export async function wrapped<T>(display: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw toSdkError(cause, display)
  }
}

/** A refusal of the platform arrives with its mapped number and without its `.code` (`callWXOpenAPI.ts`). */
export async function send(
  action: 'wx.openApi' | 'wx.wxPayApi',
  apiName: string,
  binary: Record<string, Uint8Array>,
): Promise<Buffer> {
  const reply = await mock.cloud().askWechat(action, apiName, { binary }, mock.invocation())
  if (reply.body instanceof Uint8Array) return Buffer.from(reply.body)
  throw { errCode: errCodeOf(String(reply.code)), errMsg: reply.message }
}
