import { NoAnswer } from './no-answer'
import { NotPaid } from './not-paid'
import type { Transport } from './transport'

/** The local cloud. Its simulator pays and allows messages at once, where WeChat would ask the user. */
export function local(url: string, user: string): Transport {
  return {
    start: () => {},

    async callFunction(name, event) {
      const header = { 'x-emulator-user': user }
      const { answer } = await post(`${url}/client/functions/${name}`, event, header)
      if (!('result' in answer)) throw new NoAnswer(wordsOf(answer), numberOf(answer.errCode))
      return answer.result
    },

    async pay({ package: packageText }) {
      const prepayId = packageText.replace(/^prepay_id=/, '')
      const { isOk, answer } = await post(`${url}/control/payments/pay`, { prepayId }, {})
      if (!isOk) throw new NotPaid(false, wordsOf(answer))
    },

    async askToSubscribe(templateIds) {
      for (const templateId of templateIds) {
        const { isOk, answer } = await post(`${url}/control/messages/grants`, { user, templateId }, {})
        if (!isOk) throw new Error(wordsOf(answer))
      }
      return templateIds
    },
  }
}

type Answer = Record<string, unknown>

function post(
  url: string,
  data: object,
  header: Record<string, string>,
): Promise<{ isOk: boolean; answer: Answer }> {
  return new Promise((resolve, reject) => {
    wx.request<Answer>({
      url,
      method: 'POST',
      data,
      header: { 'content-type': 'application/json', ...header },
      success: ({ statusCode, data: body }) =>
        resolve({ isOk: statusCode < 300, answer: typeof body === 'object' && body !== null ? body : {} }),
      fail: ({ errMsg }) => reject(new NoAnswer(errMsg)),
    })
  })
}

function wordsOf({ errMsg, message }: Answer): string {
  return String(errMsg ?? message ?? 'the local cloud gave no result')
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
