import { api, Refused } from '../../api/index'
import { act, load, type Phase } from '../../ui/load'
import { yuan } from '../../ui/money'
import { pictureOf } from '../../ui/picture'
import { countdown } from '../../ui/time'

type SalePhase = 'coming' | 'running' | 'ended'

Page({
  data: {
    phase: 'loading' as Phase,
    failure: '',
    busy: false,
    saleId: '',
    title: '',
    goods: '',
    picture: '',
    price: '',
    perUser: 1,
    remaining: 0,
    salePhase: 'coming' as SalePhase,
    isSoldOut: false,
    opensAtMs: 0,
    closesAtMs: 0,
    /** How far the phone's clock is behind the server's. */
    clockBehindMs: 0,
    countdown: '',
  },

  tickTimer: 0,

  onLoad({ saleId = '' }) {
    this.setData({ saleId })
    return this.refresh()
  },

  onShow() {
    // A timer is a number in a mini program.
    this.tickTimer = Number(setInterval(() => this.tick(), 1000))
  },

  onHide() {
    clearInterval(this.tickTimer)
  },

  onUnload() {
    clearInterval(this.tickTimer)
  },

  onPullDownRefresh() {
    return this.refresh()
  },

  refresh() {
    return load(this, async () => {
      const sale = await api.flashsale.detail({ saleId: this.data.saleId })
      const { title, perUser, remaining, opensAtMs, closesAtMs, serverNowMs } = sale
      this.setData({
        title,
        goods: [sale.productTitle, sale.skuTitle].filter(Boolean).join(' '),
        picture: pictureOf(sale),
        price: yuan(sale.priceFen),
        perUser,
        remaining,
        isSoldOut: remaining <= 0,
        opensAtMs,
        // A sale that was called off is over although its time is not.
        closesAtMs: sale.phase === 'ended' ? Math.min(closesAtMs, serverNowMs) : closesAtMs,
        clockBehindMs: serverNowMs - Date.now(),
      })
      this.tick()
    })
  },

  /** Opens and ends the sale by the server's clock without asking it: everybody would ask in the same second. */
  tick() {
    const { opensAtMs, closesAtMs, clockBehindMs } = this.data
    const nowMs = Date.now() + clockBehindMs
    const salePhase: SalePhase = nowMs < opensAtMs ? 'coming' : nowMs < closesAtMs ? 'running' : 'ended'
    this.setData({
      salePhase,
      countdown: countdown((salePhase === 'coming' ? opensAtMs : closesAtMs) - nowMs),
    })
  },

  buy() {
    return act(this, async () => {
      try {
        const { orderId } = await api.flashsale.buy({ saleId: this.data.saleId })
        wx.redirectTo({ url: `/pages/order-detail/order-detail?orderId=${orderId}` })
      } catch (error) {
        if (error instanceof Refused && error.error === 'SOLD_OUT')
          this.setData({ isSoldOut: true, remaining: 0 })
        if (error instanceof Refused && error.error === 'SALE_ENDED') this.setData({ closesAtMs: 0 })
        throw error
      }
    })
  },
})
