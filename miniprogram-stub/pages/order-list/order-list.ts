import { api } from '../../api/index'
import type { Tap } from '../../ui/events'
import { act, load, type Phase } from '../../ui/load'
import { type OrderStatus, type OrderView, statusWords, viewOf } from '../../ui/order'

type Tab = OrderStatus | 'all'

const tabs: { tab: Tab; words: string }[] = [
  { tab: 'all', words: '全部' },
  { tab: 'unpaid', words: statusWords.unpaid },
  { tab: 'paid', words: statusWords.paid },
  { tab: 'shipped', words: statusWords.shipped },
  { tab: 'completed', words: statusWords.completed },
  { tab: 'refunded', words: statusWords.refunded },
  { tab: 'closed', words: statusWords.closed },
]

Page({
  data: {
    phase: 'loading' as Phase,
    failure: '',
    busy: false,
    tabs,
    tab: 'all' as Tab,
    orders: [] as OrderView[],
    nextCursor: null as string | null,
  },

  onShow() {
    return this.refresh()
  },

  onPullDownRefresh() {
    return this.refresh()
  },

  chooseTab({ currentTarget }: Tap<{ tab: Tab }>) {
    this.setData({ tab: currentTarget.dataset.tab, orders: [], nextCursor: null, phase: 'loading' })
    return this.refresh()
  },

  refresh() {
    const { tab } = this.data
    return load(this, async () => {
      const page = await this.readPage(tab)
      // The answer for a tab that was left meanwhile is nobody's.
      if (this.data.tab === tab) {
        this.setData({ orders: page.items.map(viewOf), nextCursor: page.nextCursor })
      }
    })
  },

  onReachBottom() {
    const { tab, nextCursor: cursor } = this.data
    if (cursor === null) return
    return act(this, async () => {
      const page = await this.readPage(tab, cursor)
      if (this.data.nextCursor !== cursor) return
      this.setData({ orders: [...this.data.orders, ...page.items.map(viewOf)], nextCursor: page.nextCursor })
    })
  },

  readPage(tab: Tab, cursor?: string) {
    return api.order.list({ size: 10, cursor, status: tab === 'all' ? undefined : tab })
  },

  open({ currentTarget }: Tap<{ orderId: string }>) {
    wx.navigateTo({ url: `/pages/order-detail/order-detail?orderId=${currentTarget.dataset.orderId}` })
  },
})
