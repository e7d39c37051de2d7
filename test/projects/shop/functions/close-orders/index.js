const cloud = require('wx-server-sdk')
cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })
const db = cloud.database()
const _ = db.command

// 每十分钟关闭过期未支付的订单, 退回库存
exports.main = async () => {
  const { data } = await db
    .collection('orders')
    .where({ status: 'unpaid', expireAt: _.lt(db.serverDate()) })
    .limit(100)
    .get()
  for (const order of data) {
    const { stats } = await db
      .collection('orders')
      .where({ _id: order._id, status: 'unpaid' })
      .update({ data: { status: 'closed' } })
    if (stats.updated !== 1) continue
    for (const { sku, count } of order.lines) {
      await db
        .collection('goods')
        .doc(sku)
        .update({ data: { stock: _.inc(count), sold: _.inc(-count) } })
    }
  }
  return { closed: data.length }
}
