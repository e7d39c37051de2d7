import { target } from '../target'

/** What travels to a cloud function besides its name. */
export interface CallEvent {
  $url: string
  data: unknown
  requestId: string
  lang?: 'zh' | 'en'
}

/** Nothing is known about the effect: the network failed, or the platform did. Trying again needs the same request id. */
export class NoAnswer extends Error {
  constructor(
    message: string,
    readonly errCode?: number,
  ) {
    super(message)
    this.name = 'NoAnswer'
  }
}

/** Calls a function and gives its return value as it is. Rejects with `NoAnswer` only. */
export function callFunction(name: string, event: CallEvent): Promise<unknown> {
  return target.kind === 'cloudbase' ? callCloudBase(name, event) : callLocal(target.url, target.user, name, event)
}

/** Opens WeChat's payment sheet; on the local cloud the simulator pays at once. Resolves when the user has paid. */
export function requestPayment(params: WechatMiniprogram.RequestPaymentOption): Promise<void> {
  return target.kind === 'cloudbase'
    ? new Promise((resolve, reject) => {
        wx.requestPayment({ ...params, success: () => resolve(), fail: ({ errMsg }) => reject(new Error(errMsg)) })
      })
    : payLocally(target.url, params.package)
}

export function startTransport(): void {
  if (target.kind === 'cloudbase') wx.cloud.init({ env: target.env, traceUser: true })
}

function callCloudBase(name: string, event: CallEvent): Promise<unknown> {
  return new Promise((resolve, reject) => {
    wx.cloud.callFunction({
      name,
      data: event,
      success: ({ result }) => resolve(result),
      // Older base libraries give no errCode.
      fail: (error: { errMsg: string; errCode?: number }) => reject(new NoAnswer(error.errMsg, error.errCode)),
    })
  })
}

async function callLocal(url: string, user: string, name: string, event: CallEvent): Promise<unknown> {
  const answer = await post<{ result?: unknown; errCode?: number; errMsg: string }>(
    `${url}/client/functions/${name}`,
    event,
    { 'x-emulator-user': user },
  )
  if (answer.errCode) throw new NoAnswer(answer.errMsg, answer.errCode)
  return answer.result
}

async function payLocally(url: string, packageText: string): Promise<void> {
  const prepayId = packageText.replace(/^prepay_id=/, '')
  const answer = await post<{ error?: { message: string } }>(`${url}/control/payments/pay`, { prepayId }, {})
  if (answer.error) throw new Error(answer.error.message)
}

function post<R>(url: string, data: object, header: Record<string, string>): Promise<R> {
  return new Promise((resolve, reject) => {
    wx.request<R & WechatMiniprogram.IAnyObject>({
      url,
      method: 'POST',
      data,
      header: { 'content-type': 'application/json', ...header },
      success: ({ data: answer }) => resolve(answer),
      fail: ({ errMsg }) => reject(new NoAnswer(errMsg)),
    })
  })
}
