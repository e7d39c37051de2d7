import { api, type ReplyOf } from '../../api/index'
import type { Tap } from '../../ui/events'
import { act, load, type Phase } from '../../ui/load'
import { yuan } from '../../ui/money'
import { pictureOf } from '../../ui/picture'
import { shortTime } from '../../ui/time'

type Card = ReplyOf<typeof api.catalog.list>['items'][number]
type Sale = ReplyOf<typeof api.flashsale.list>['items'][number]

const cardOf = (card: Card) => ({
  productId: card.productId,
  title: card.title,
  subtitle: card.subtitle,
  picture: pictureOf(card),
  price: yuan(card.priceFen),
  isFrom: card.maxPriceFen > card.priceFen,
  soldCount: card.soldCount,
})

const saleOf = (sale: Sale) => ({
  saleId: sale.saleId,
  title: sale.title,
  price: yuan(sale.priceFen),
  isRunning: sale.phase === 'running',
  when: sale.phase === 'running' ? `${shortTime(sale.closesAtMs)} 结束` : `${shortTime(sale.opensAtMs)} 开抢`,
})

Page({
  data: {
    phase: 'loading' as Phase,
    failure: '',
    busy: false,
    sales: [] as ReturnType<typeof saleOf>[],
    products: [] as ReturnType<typeof cardOf>[],
    nextCursor: null as string | null,
  },

  onLoad() {
    return this.refresh()
  },

  onPullDownRefresh() {
    return this.refresh()
  },

  refresh() {
    return load(this, async () => {
      const [sales, page] = await Promise.all([api.flashsale.list(), api.catalog.list()])
      this.setData({
        sales: sales.items.map(saleOf),
        products: page.items.map(cardOf),
        nextCursor: page.nextCursor,
      })
    })
  },

  onReachBottom() {
    const cursor = this.data.nextCursor
    if (cursor === null) return
    return act(this, async () => {
      const page = await api.catalog.list({ cursor })
      // A refresh in between has begun the list anew.
      if (this.data.nextCursor !== cursor) return
      this.setData({
        products: [...this.data.products, ...page.items.map(cardOf)],
        nextCursor: page.nextCursor,
      })
    })
  },

  openProduct({ currentTarget }: Tap<{ productId: string }>) {
    wx.navigateTo({ url: `/pages/product/product?productId=${currentTarget.dataset.productId}` })
  },

  openSale({ currentTarget }: Tap<{ saleId: string }>) {
    wx.navigateTo({ url: `/pages/flash-sale/flash-sale?saleId=${currentTarget.dataset.saleId}` })
  },
})
