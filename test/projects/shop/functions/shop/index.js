const TcbRouter = require('tcb-router')
const cloud = require('wx-server-sdk')

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })

const goods = require('./routes/goods')
const cart = require('./routes/cart')
const order = require('./routes/order')
const log = cloud.logger()

exports.main = async (event, context) => {
  const app = new TcbRouter({ event })

  // 公共中间件: 当前用户、统一返回格式
  app.use(async (ctx, next) => {
    const { OPENID, CLIENTIP } = cloud.getWXContext()
    ctx.data = { openid: OPENID, ip: CLIENTIP }
    try {
      await next()
      if (!ctx.body) ctx.body = { code: 404, msg: `no route ${event.$url}` }
    } catch (err) {
      log.error({ url: event.$url, message: err.message || err.errMsg })
      ctx.body = {
        code: err.code && typeof err.code === 'number' ? err.code : 500,
        msg: err.message || err.errMsg,
      }
    }
  })

  goods(app, cloud)
  cart(app, cloud)
  order(app, cloud)

  return app.serve()
}
