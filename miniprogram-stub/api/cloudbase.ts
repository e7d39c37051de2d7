import { NoAnswer } from './no-answer'
import { NotPaid } from './not-paid'
import type { PaymentParameters, Transport } from './transport'

/** The real thing: functions of a CloudBase environment, WeChat's payment sheet and subscription dialogue. */
export function cloudbase(env: string): Transport {
  return {
    start: () => wx.cloud.init({ env, traceUser: true }),

    callFunction(name, event) {
      return new Promise((resolve, reject) => {
        wx.cloud.callFunction({
          name,
          data: event,
          success: ({ result }) => resolve(result),
          // Older base libraries give no errCode.
          fail: (error: { errMsg: string; errCode?: number }) =>
            reject(new NoAnswer(error.errMsg, error.errCode)),
        })
      })
    },

    pay(parameters) {
      return new Promise((resolve, reject) => {
        wx.requestPayment({
          ...parameters,
          signType: signTypeOf(parameters),
          success: () => resolve(),
          fail: ({ errMsg }) => reject(new NotPaid(errMsg.includes('cancel'), errMsg)),
        })
      })
    },

    askToSubscribe(templateIds) {
      return new Promise((resolve, reject) => {
        wx.requestSubscribeMessage({
          tmplIds: templateIds,
          success: (answers) => resolve(templateIds.filter((id) => answers[id] === 'accept')),
          fail: ({ errMsg }) => reject(new Error(errMsg)),
        })
      })
    },
  }
}

/** The server passes on what WeChat Pay named, which is one of these. */
function signTypeOf({ signType }: PaymentParameters): 'MD5' | 'HMAC-SHA256' | 'RSA' {
  return signType === 'RSA' || signType === 'HMAC-SHA256' ? signType : 'MD5'
}
