module.exports = (app, cloud) => {
  const db = cloud.database()
  const _ = db.command

  app.router('goods/seed', async (ctx) => {
    for (const item of ctx._req.event.list) {
      await db
        .collection('goods')
        .doc(item.sku)
        .set({ data: { ...item, sold: 0, onSale: true, createdAt: db.serverDate() } })
    }
    ctx.body = { code: 0, data: ctx._req.event.list.length }
  })

  app.router(['goods/list', 'goods/search'], async (ctx) => {
    const { keyword, minPrice, maxPrice, category, page = 0 } = ctx._req.event
    const where = { onSale: true, stock: _.gt(0) }
    if (keyword) where.title = { $regex: `.*${keyword}.*`, $options: 'i' }
    if (category) where.category = _.in([].concat(category))
    if (minPrice !== undefined || maxPrice !== undefined) {
      where.price = _.and(_.gte(minPrice || 0), _.lte(maxPrice || 1e9))
    }
    const query = db.collection('goods').where(where)
    const [{ total }, { data }] = await Promise.all([
      query.count(),
      query
        .orderBy('sold', 'desc')
        .orderBy('price', 'asc')
        .skip(page * 20)
        .limit(20)
        .field({ _id: true, title: true, price: true, stock: true })
        .get(),
    ])
    ctx.body = { code: 0, total, data }
  })
}
