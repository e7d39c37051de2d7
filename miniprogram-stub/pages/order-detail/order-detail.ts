import { api } from '../../api/index'
import type { Told } from '../../ui/events'
import { tell } from '../../ui/failure'
import { act, load, type Phase } from '../../ui/load'
import { type OrderView, viewOf } from '../../ui/order'
import { payFor } from '../../ui/pay'

Page({
  data: {
    phase: 'loading' as Phase,
    failure: '',
    busy: false,
    orderId: '',
    order: null as OrderView | null,
    addressId: '',
  },

  onLoad({ orderId = '' }) {
    this.setData({ orderId })
  },

  onShow() {
    return this.refresh()
  },

  onPullDownRefresh() {
    return this.refresh()
  },

  refresh() {
    return load(this, () => this.read())
  },

  async read() {
    this.setData({ order: viewOf(await api.order.detail({ orderId: this.data.orderId })) })
  },

  /** After each change the order is read again, also when the change was refused: then it is not what we thought. */
  change(work: (orderId: string) => Promise<unknown>) {
    return act(this, async () => {
      try {
        await work(this.data.orderId)
      } finally {
        await this.read().catch(tell)
      }
    })
  },

  setAddress({ detail }: Told<{ addressId: string }>) {
    this.setData({ addressId: detail.addressId })
  },

  pay() {
    const { order, addressId } = this.data
    if (order === null) return
    if (order.address !== null) return this.change((orderId: string) => payFor(orderId))
    // A flash sale places its orders without an address, because every call counts there.
    if (addressId === '') return void wx.showToast({ title: '请先选择收货地址', icon: 'none' })
    return this.change((orderId: string) => payFor(orderId, addressId))
  },

  cancel() {
    return this.confirmed('取消这个订单？', () =>
      this.change((orderId: string) => api.order.cancel({ orderId })),
    )
  },

  confirm() {
    return this.confirmed('确认已经收到货？', () =>
      this.change((orderId: string) => api.order.confirm({ orderId })),
    )
  },

  async applyAfterSale() {
    const answer = await wx.showModal({
      title: '申请退款',
      editable: true,
      placeholderText: '请填写退款原因',
    })
    const reason = answer.content?.trim() ?? ''
    if (!answer.confirm) return
    if (reason === '') return void wx.showToast({ title: '请填写退款原因', icon: 'none' })
    // Before they are shipped there are no goods to send back.
    const returnGoods = this.data.order?.status !== 'paid'
    await this.change((orderId: string) => api.order.applyAfterSale({ orderId, returnGoods, reason }))
  },

  cancelAfterSale() {
    return this.confirmed('撤销售后申请？', () =>
      this.change((orderId: string) => api.order.cancelAfterSale({ orderId })),
    )
  },

  async confirmed(content: string, work: () => Promise<void>) {
    const { confirm } = await wx.showModal({ content })
    if (confirm) await work()
  },
})
