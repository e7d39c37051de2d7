const cloud = require('wx-server-sdk')
cloud.init()

const orders = cloud.database().collection('orders')

// 支付与退款的回调, 必须返回 errcode 0, 否则会重试
exports.main = async (event) => {
  if (event.returnCode !== 'SUCCESS') return { errcode: 0, errmsg: 'ignored' }
  if (event.refundStatus) {
    await orders.doc(event.outTradeNo).update({ data: { status: 'refunded' } })
    return { errcode: 0, errmsg: 'ok' }
  }
  const { stats } = await orders
    .where({ _id: event.outTradeNo, status: 'unpaid', total: event.totalFee })
    .update({ data: { status: 'paid', transactionId: event.transactionId, payer: event.userInfo.openId } })
  console.log('paid', event.outTradeNo, stats.updated)
  return { errcode: 0, errmsg: 'ok' }
}
