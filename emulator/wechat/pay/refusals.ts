/** The two ways in which WeChat Pay v2 says no; both travel as a normal reply, which is why `errMsg` is still "ok". */
export class PayRefusal extends Error {
  /** Business refusal: `return_code` SUCCESS, `result_code` FAIL. */
  constructor(
    readonly errCode: string,
    readonly errCodeDes: string,
  ) {
    super(`${errCode} ${errCodeDes}`)
    this.name = 'PayRefusal'
  }
}

/** The request itself is wrong: `return_code` FAIL and nothing else. */
export class PayFormatRefusal extends Error {
  constructor(
    readonly returnMsg: string,
    readonly errorCode?: string,
  ) {
    super(returnMsg)
    this.name = 'PayFormatRefusal'
  }
}

export const orderNotExist = () => new PayRefusal('ORDERNOTEXIST', '此交易订单号不存在')
export const orderPaid = () => new PayRefusal('ORDERPAID', '该订单已支付')
export const orderClosed = () => new PayRefusal('ORDERCLOSED', '该订单已关闭')
