const axios = require('axios')

class ShopError extends Error {
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

function orderNo() {
  return `${Date.now()}${Math.random().toString().slice(2, 10)}`
}

module.exports = (app, cloud) => {
  const db = cloud.database()
  const _ = db.command

  // 下单: 在事务里检查并扣减库存
  app.router('order/create', async (ctx) => {
    const { items } = ctx._req.event
    const no = orderNo()
    const order = await db.runTransaction(async (transaction) => {
      let total = 0
      const lines = []
      for (const { sku, count } of items) {
        const { data: goods } = await transaction.collection('goods').doc(sku).get()
        if (goods.stock < count) await transaction.rollback(new ShopError(1001, `${goods.title} 库存不足`))
        await transaction
          .collection('goods')
          .doc(sku)
          .update({ data: { stock: _.inc(-count), sold: _.inc(count) } })
        total += goods.price * count
        lines.push({ sku, count, price: goods.price, title: goods.title })
      }
      const data = {
        _id: no,
        _openid: ctx.data.openid,
        lines,
        total,
        status: 'unpaid',
        createdAt: db.serverDate(),
        expireAt: db.serverDate({ offset: 30 * 60 * 1000 }),
      }
      await transaction.collection('orders').add({ data })
      return { no, total }
    })
    await db.collection('carts').where({ _openid: ctx.data.openid }).remove()
    ctx.body = { code: 0, data: order }
  })

  app.router('order/pay', async (ctx) => {
    const { no } = ctx._req.event
    const { data: order } = await db.collection('orders').doc(no).get()
    if (order._openid !== ctx.data.openid) throw new ShopError(403, '不是你的订单')
    const res = await cloud.cloudPay.unifiedOrder({
      body: `小店-${order.lines[0].title}`,
      outTradeNo: no,
      spbillCreateIp: ctx.data.ip,
      subMchId: process.env.MCH_ID,
      totalFee: order.total,
      envId: 'shop-prod-8d9e0f',
      functionName: 'pay-callback',
    })
    if (res.returnCode !== 'SUCCESS') throw new ShopError(502, res.returnMsg)
    ctx.body = { code: 0, payment: res.payment }
  })

  app.router('order/list', async (ctx) => {
    const { status } = ctx._req.event
    const where = { _openid: ctx.data.openid }
    if (status) where.status = _.in([].concat(status))
    const { data } = await db.collection('orders').where(where).orderBy('createdAt', 'desc').limit(50).get()
    ctx.body = { code: 0, data }
  })

  app.router('order/refund', async (ctx) => {
    const { no } = ctx._req.event
    const { data: order } = await db.collection('orders').doc(no).get()
    if (order.status !== 'paid') throw new ShopError(1002, '未支付的订单不能退款')
    const res = await cloud.cloudPay.refund({
      functionName: 'pay-callback',
      envId: 'shop-prod-8d9e0f',
      subMchId: process.env.MCH_ID,
      outTradeNo: no,
      outRefundNo: `r${no}`,
      totalFee: order.total,
      refundFee: order.total,
    })
    if (res.resultCode !== 'SUCCESS') throw new ShopError(502, res.errCodeDes)
    await db
      .collection('orders')
      .where({ _id: no, status: 'paid' })
      .update({ data: { status: 'refunding', refundAt: new Date() } })
    ctx.body = { code: 0 }
  })

  // 物流: 调用第三方接口
  app.router('order/logistics', async (ctx) => {
    const { data } = await axios.get(`${process.env.LOGISTICS_URL}/query`, {
      params: { no: ctx._req.event.no },
      timeout: 2000,
    })
    ctx.body = { code: 0, data }
  })
}
