import { api, type ReplyOf } from '../../api/index'
import { timelineOf, viewOf } from '../../ui/approval'
import { tell } from '../../ui/failure'
import { act, load, type Phase } from '../../ui/load'

type Detail = ReplyOf<typeof api.approval.detail>

interface Opinion {
  instanceId: string
  taskId: number
  comment?: string
}

Page({
  data: {
    phase: 'loading' as Phase,
    failure: '',
    busy: false,
    instanceId: '',
    approval: null as ReturnType<typeof viewOf> | null,
    form: {} as Detail['form'],
    timeline: [] as ReturnType<typeof timelineOf>,
    nextCursor: null as string | null,
  },

  onLoad({ instanceId = '' }) {
    this.setData({ instanceId })
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
    const { instanceId } = this.data
    const [{ profile }, detail, history] = await Promise.all([
      api.user.login(),
      api.approval.detail({ instanceId }),
      api.approval.history({ instanceId }),
    ])
    this.setData({
      approval: viewOf(detail, profile.userId),
      form: detail.form,
      timeline: timelineOf(history.items),
      nextCursor: history.nextCursor,
    })
  },

  onReachBottom() {
    const { instanceId, nextCursor: cursor } = this.data
    if (cursor === null) return
    return act(this, async () => {
      const page = await api.approval.history({ instanceId, cursor })
      if (this.data.nextCursor !== cursor) return
      const timeline = [...this.data.timeline, ...timelineOf(page.items)]
      this.setData({ timeline, nextCursor: page.nextCursor })
    })
  },

  /** After each change the approval is read again, also when the change was refused: somebody else was first. */
  change(work: (instanceId: string) => Promise<unknown>) {
    return act(this, async () => {
      try {
        await work(this.data.instanceId)
      } finally {
        await this.read().catch(tell)
      }
    })
  },

  approve() {
    return this.decide('同意', (input: Opinion) => api.approval.approve(input))
  },

  reject() {
    return this.decide('拒绝', (input: Opinion) => api.approval.reject(input))
  },

  giveBack() {
    return this.decide('交回', (input: Opinion) => api.approval.giveBack(input))
  },

  /** With the form as it was, for when words are what was missing. */
  resubmit() {
    const { form } = this.data
    return this.decide('重新提交', (input: Opinion) => api.approval.resubmit({ ...input, form }))
  },

  /** Asks for a few words first; none are needed. */
  async decide(title: string, send: (input: Opinion) => Promise<unknown>) {
    const taskId = this.data.approval?.task?.taskId
    if (taskId === undefined) return
    const answer = await wx.showModal({ title, editable: true, placeholderText: '意见（选填）' })
    if (!answer.confirm) return
    const comment = answer.content?.trim() || undefined
    await this.change((instanceId: string) => send({ instanceId, taskId, comment }))
  },

  urge() {
    return this.change(async (instanceId: string) => {
      await api.approval.urge({ instanceId })
      wx.showToast({ title: '已催办', icon: 'none' })
    })
  },

  async withdraw() {
    const { confirm } = await wx.showModal({ content: '撤回这个审批？' })
    if (confirm) await this.change((instanceId: string) => api.approval.withdraw({ instanceId }))
  },
})
