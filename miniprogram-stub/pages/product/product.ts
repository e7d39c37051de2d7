import { api, type ReplyOf } from '../../api/index'
import type { Tap, Told } from '../../ui/events'
import { act, load, type Phase } from '../../ui/load'
import { yuan } from '../../ui/money'
import { pictureOf } from '../../ui/picture'

type Product = ReplyOf<typeof api.catalog.detail>

const MAX_QUANTITY = 99

const skuOf = (sku: Product['skus'][number]) => ({
  skuId: sku.skuId,
  title: sku.title === '' ? '默认' : sku.title,
  price: yuan(sku.priceFen),
  marketPrice: sku.marketPriceFen === null ? '' : yuan(sku.marketPriceFen),
  available: sku.available,
})

type Sku = ReturnType<typeof skuOf>

Page({
  data: {
    phase: 'loading' as Phase,
    failure: '',
    busy: false,
    productId: '',
    title: '',
    subtitle: '',
    description: '',
    picture: '',
    skus: [] as Sku[],
    chosen: null as Sku | null,
    quantity: 1,
    addressId: '',
  },

  onLoad({ productId = '' }) {
    this.setData({ productId })
    return this.refresh()
  },

  onPullDownRefresh() {
    return this.refresh()
  },

  refresh() {
    return load(this, async () => {
      const product = await api.catalog.detail({ productId: this.data.productId })
      const skus = product.skus.map(skuOf)
      const before = this.data.chosen?.skuId
      const chosen =
        skus.find(({ skuId }) => skuId === before) ??
        skus.find(({ available }) => available > 0) ??
        skus[0] ??
        null
      const { title, subtitle, description } = product
      this.setData({ title, subtitle, description, picture: pictureOf(product), skus })
      this.choose(chosen)
    })
  },

  chooseSku({ currentTarget }: Tap<{ skuId: string }>) {
    this.choose(this.data.skus.find(({ skuId }) => skuId === currentTarget.dataset.skuId) ?? null)
  },

  /** Never more than there is; the server has the last word. */
  choose(chosen: Sku | null) {
    const most = Math.min(chosen?.available ?? 0, MAX_QUANTITY)
    this.setData({ chosen, quantity: Math.max(1, Math.min(this.data.quantity, most)) })
  },

  changeQuantity({ currentTarget }: Tap<{ by: number }>) {
    const most = Math.min(this.data.chosen?.available ?? 0, MAX_QUANTITY)
    const quantity = this.data.quantity + Number(currentTarget.dataset.by)
    if (quantity >= 1 && quantity <= most) this.setData({ quantity })
  },

  setAddress({ detail }: Told<{ addressId: string }>) {
    this.setData({ addressId: detail.addressId })
  },

  addToCart() {
    const { chosen, quantity } = this.data
    if (chosen === null) return
    return act(this, async () => {
      await api.order.cartAdd({ skuId: chosen.skuId, quantity })
      wx.showToast({ title: '已加入购物车', icon: 'success' })
    })
  },

  buyNow() {
    const { chosen, quantity, addressId } = this.data
    if (chosen === null) return
    if (addressId === '') return void wx.showToast({ title: '请先选择收货地址', icon: 'none' })
    return act(this, async () => {
      const { orderId } = await api.order.create({ items: [{ skuId: chosen.skuId, quantity }], addressId })
      wx.navigateTo({ url: `/pages/order-detail/order-detail?orderId=${orderId}` })
    })
  },
})
