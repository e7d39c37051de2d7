import { api } from '../../api/index'
import type { Tap } from '../../ui/events'
import { wordsOf } from '../../ui/failure'
import type { Phase } from '../../ui/load'

type Address = Awaited<ReturnType<typeof api.user.listAddresses>>['items'][number]

/** Where the goods go: the default address, or another one after a tap. Tells `choose` with `{ addressId }`. */
Component({
  data: {
    addresses: [] as Address[],
    chosen: null as Address | null,
    isOpen: false,
    phase: 'loading' as Phase,
    words: '正在读取收货地址…',
  },

  lifetimes: {
    attached() {
      this.refresh()
    },
  },

  pageLifetimes: {
    // When the user comes back from adding one.
    show() {
      if (this.data.phase !== 'loading') this.refresh()
    },
  },

  methods: {
    async refresh() {
      try {
        const { items } = await api.user.listAddresses()
        const before = this.data.chosen?._id
        // The default comes first.
        const chosen = items.find(({ _id }) => _id === before) ?? items[0] ?? null
        this.setData({ phase: 'ready', addresses: items, words: '还没有收货地址，点这里添加' })
        this.choose(chosen)
      } catch (error) {
        this.setData({ phase: 'failed', words: `${wordsOf(error)}，点这里重试` })
      }
    },

    tap() {
      if (this.data.addresses.length > 0) this.setData({ isOpen: !this.data.isOpen })
      else if (this.data.phase === 'failed') this.refresh()
      else if (this.data.phase === 'ready') this.manage()
    },

    pick({ currentTarget }: Tap<{ addressId: string }>) {
      const { addressId } = currentTarget.dataset
      this.choose(this.data.addresses.find(({ _id }) => _id === addressId) ?? null)
      this.setData({ isOpen: false })
    },

    manage() {
      wx.switchTab({ url: '/pages/profile/profile' })
    },

    choose(chosen: Address | null) {
      this.setData({ chosen })
      this.triggerEvent('choose', { addressId: chosen?._id ?? '' })
    },
  },
})
