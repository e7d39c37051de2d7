import { api, type ReplyOf } from '../../api/index'
import type { Tap, Told } from '../../ui/events'
import { tell } from '../../ui/failure'
import { act, load, type Phase } from '../../ui/load'
import { yuan } from '../../ui/money'
import { pictureOf } from '../../ui/picture'

type Line = ReplyOf<typeof api.order.cart>['items'][number]

const problems = { 'off-sale': '已下架', short: '库存不足' }

const itemOf = ({ skuId, quantity, selected, reason, available, sku }: Line) => ({
  skuId,
  quantity,
  selected,
  saleable: reason === null,
  problem: reason === null ? '' : problems[reason],
  available,
  title: sku?.title ?? '失效商品',
  skuTitle: sku?.skuTitle ?? '',
  price: sku === null ? '' : yuan(sku.priceFen),
  picture: sku === null ? '' : pictureOf(sku),
})

Page({
  data: {
    phase: 'loading' as Phase,
    failure: '',
    busy: false,
    items: [] as ReturnType<typeof itemOf>[],
    selectedCount: 0,
    total: yuan(0),
    isAllSelected: false,
    addressId: '',
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
    const { items, selectedFen, selectedCount } = await api.order.cart()
    this.setData({
      items: items.map(itemOf),
      selectedCount,
      total: yuan(selectedFen),
      isAllSelected: items.length > 0 && items.every(({ selected }) => selected),
    })
  },

  /** The server knows the cart; after each change it is read again, also when the change was refused. */
  change(work: () => Promise<unknown>) {
    return act(this, async () => {
      try {
        await work()
      } finally {
        await this.read().catch(tell)
      }
    })
  },

  toggle({ currentTarget }: Tap<{ skuId: string; selected: boolean }>) {
    const { skuId, selected } = currentTarget.dataset
    return this.change(() => api.order.cartSelect({ skuIds: [skuId], selected: !selected }))
  },

  toggleAll() {
    const selected = !this.data.isAllSelected
    return this.change(() => api.order.cartSelect({ selected }))
  },

  changeQuantity({ currentTarget }: Tap<{ skuId: string; quantity: number }>) {
    const { skuId, quantity } = currentTarget.dataset
    return this.change(() =>
      quantity < 1
        ? api.order.cartRemove({ skuIds: [skuId] })
        : api.order.cartUpdate({ skuId, quantity: Number(quantity) }),
    )
  },

  setAddress({ detail }: Told<{ addressId: string }>) {
    this.setData({ addressId: detail.addressId })
  },

  checkout() {
    const { addressId, items } = this.data
    if (addressId === '') return void wx.showToast({ title: '请先选择收货地址', icon: 'none' })
    // Named one by one: so a wish is told apart from the one before the cart was changed.
    const chosen = items
      .filter(({ selected, saleable }) => selected && saleable)
      .map(({ skuId, quantity }) => ({ skuId, quantity }))
    return act(this, async () => {
      const { orderId } = await api.order.create({ items: chosen, addressId, fromCart: true })
      wx.navigateTo({ url: `/pages/order-detail/order-detail?orderId=${orderId}` })
    })
  },
})
