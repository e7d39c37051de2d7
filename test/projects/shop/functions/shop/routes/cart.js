module.exports = (app, cloud) => {
  const db = cloud.database()
  const _ = db.command
  const carts = db.collection('carts')

  app.router('cart/add', async (ctx) => {
    const { sku, count = 1 } = ctx._req.event
    const { openid } = ctx.data
    const { stats } = await carts
      .where({ _openid: openid, 'items.sku': sku })
      .update({ data: { 'items.$.count': _.inc(count) } })
    if (stats.updated === 0) {
      const has = await carts.where({ _openid: openid }).count()
      if (has.total === 0) await carts.add({ data: { _openid: openid, items: [{ sku, count }] } })
      else await carts.where({ _openid: openid }).update({ data: { items: _.push([{ sku, count }]) } })
    }
    const { data } = await carts.where({ _openid: openid }).get()
    ctx.body = { code: 0, data: data[0].items }
  })

  // 购物车里的商品,连同最新的价格
  app.router('cart/detail', async (ctx) => {
    const $ = _.aggregate
    const { list } = await carts
      .aggregate()
      .match({ _openid: ctx.data.openid })
      .unwind('$items')
      .lookup({
        from: 'goods',
        let: { sku: '$items.sku' },
        pipeline: $.pipeline()
          .match(_.expr($.and([$.eq(['$sku', '$$sku']), $.eq(['$onSale', true])])))
          .project({ _id: 0, title: 1, price: 1 })
          .done(),
        as: 'goods',
      })
      .replaceRoot({ newRoot: $.mergeObjects([$.arrayElemAt(['$goods', 0]), '$items']) })
      .addFields({ amount: $.multiply(['$price', '$count']) })
      .sort({ sku: 1 })
      .end()
    ctx.body = { code: 0, data: list, total: list.reduce((sum, item) => sum + item.amount, 0) }
  })
}
