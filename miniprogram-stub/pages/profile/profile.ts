import { api, type ReplyOf } from '../../api/index'
import type { Tap } from '../../ui/events'
import { act, load, type Phase } from '../../ui/load'
import { shortTime } from '../../ui/time'

type Address = ReplyOf<typeof api.user.listAddresses>['items'][number]
type Message = ReplyOf<typeof api.notification.inbox>['items'][number]

/** The tab bar's fourth entry is this page. */
const TAB_INDEX = 3

const messageOf = ({ messageId, title, body, page, isRead, createdAtMs }: Message) => ({
  messageId,
  title,
  body,
  page,
  isRead,
  time: shortTime(createdAtMs),
})

Page({
  data: {
    phase: 'loading' as Phase,
    failure: '',
    busy: false,
    nickname: '',
    phone: '',
    addresses: [] as Address[],
    isAdding: false,
    region: [] as string[],
    messages: [] as ReturnType<typeof messageOf>[],
    nextCursor: null as string | null,
    unreadCount: 0,
  },

  onShow() {
    return this.refresh()
  },

  onPullDownRefresh() {
    return this.refresh()
  },

  refresh() {
    return load(this, async () => {
      // Logging in comes first: it makes the account that the others read.
      const { profile } = await api.user.login()
      const [addresses, inbox] = await Promise.all([api.user.listAddresses(), api.notification.inbox()])
      this.setData({
        nickname: profile.nickname,
        phone: profile.phone ?? '',
        addresses: addresses.items,
        messages: inbox.items.map(messageOf),
        nextCursor: inbox.nextCursor,
      })
      this.showUnread(inbox.unreadCount)
    })
  },

  onReachBottom() {
    const cursor = this.data.nextCursor
    if (cursor === null) return
    return act(this, async () => {
      const page = await api.notification.inbox({ cursor })
      if (this.data.nextCursor !== cursor) return
      const messages = [...this.data.messages, ...page.items.map(messageOf)]
      this.setData({ messages, nextCursor: page.nextCursor })
    })
  },

  showUnread(unreadCount: number) {
    this.setData({ unreadCount })
    // Both fail while a page without tab bar is in front; the next visit shows it.
    const fail = () => {}
    if (unreadCount === 0) wx.removeTabBarBadge({ index: TAB_INDEX, fail })
    else wx.setTabBarBadge({ index: TAB_INDEX, text: unreadCount > 99 ? '99+' : String(unreadCount), fail })
  },

  openMessage({ currentTarget }: Tap<{ messageId: string }>) {
    const message = this.data.messages.find(({ messageId }) => messageId === currentTarget.dataset.messageId)
    if (message === undefined) return
    return act(this, async () => {
      if (!message.isRead) {
        await api.notification.markRead({ messageId: message.messageId })
        this.setData({
          messages: this.data.messages.map((one) => (one === message ? { ...one, isRead: true } : one)),
        })
        this.showUnread(Math.max(0, this.data.unreadCount - 1))
      }
      wx.navigateTo({ url: `/${message.page}` })
    })
  },

  openApprovals() {
    wx.navigateTo({ url: '/pages/approval-list/approval-list' })
  },

  readAll() {
    return act(this, async () => {
      await api.notification.markAllRead()
      this.setData({ messages: this.data.messages.map((message) => ({ ...message, isRead: true })) })
      this.showUnread(0)
    })
  },

  toggleForm() {
    this.setData({ isAdding: !this.data.isAdding, region: [] })
  },

  setRegion({ detail }: WechatMiniprogram.PickerChange) {
    this.setData({ region: Array.isArray(detail.value) ? detail.value.map(String) : [] })
  },

  addAddress({ detail }: WechatMiniprogram.FormSubmit) {
    const { name = '', phone = '', street = '' }: Record<string, string | undefined> = detail.value
    const [province = '', city = '', district = ''] = this.data.region
    return act(this, async () => {
      await api.user.addAddress({ name, phone, province, city, district, detail: street })
      this.setData({ isAdding: false, region: [] })
      await this.readAddresses()
    })
  },

  setDefault({ currentTarget }: Tap<{ addressId: string }>) {
    const { addressId } = currentTarget.dataset
    return act(this, async () => {
      await api.user.setDefaultAddress({ addressId })
      await this.readAddresses()
    })
  },

  async removeAddress({ currentTarget }: Tap<{ addressId: string }>) {
    const { addressId } = currentTarget.dataset
    const { confirm } = await wx.showModal({ content: '删除这个地址？' })
    if (!confirm) return
    await act(this, async () => {
      await api.user.removeAddress({ addressId })
      await this.readAddresses()
    })
  },

  async readAddresses() {
    const { items } = await api.user.listAddresses()
    this.setData({ addresses: items })
  },
})
