import { clientErrMsg, type InvokeFailure } from './result.ts'

/** What `wx.cloud.callFunction` rejects with, as an error. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed'
  readonly errCode: number
  readonly errMsg: string
  readonly requestID: string

  constructor(failed: InvokeFailure) {
    super(clientErrMsg(failed))
    this.errCode = failed.errCode
    this.errMsg = this.message
    this.requestID = failed.requestId
  }
}
