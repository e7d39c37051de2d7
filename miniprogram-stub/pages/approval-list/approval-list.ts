import { api, type ReplyOf } from '../../api/index'
import { statusWords } from '../../ui/approval'
import type { Tap } from '../../ui/events'
import { act, load, type Phase } from '../../ui/load'
import { shortTime } from '../../ui/time'

type Tab = 'todo' | 'done' | 'mine' | 'copies'
type Task = ReplyOf<typeof api.approval.todo>['items'][number]
type Mine = ReplyOf<typeof api.approval.mine>['items'][number]

interface Line {
  key: string
  instanceId: string
  title: string
  words: string
  time: string
  /** Of a copy that was not looked at yet. */
  unreadTaskId: number | null
}

const tabs: { tab: Tab; words: string }[] = [
  { tab: 'todo', words: '待办' },
  { tab: 'done', words: '已办' },
  { tab: 'mine', words: '我发起的' },
  { tab: 'copies', words: '抄送我' },
]

const lineOfTask = ({ instanceId, taskId, title, nodeTitle, movedAtMs }: Task): Line => ({
  key: `${instanceId}-${taskId}`,
  instanceId,
  title,
  words: nodeTitle,
  time: shortTime(movedAtMs),
  unreadTaskId: null,
})

const lineOfMine = ({ instanceId, title, status, createdAtMs }: Mine): Line => ({
  key: instanceId,
  instanceId,
  title,
  words: statusWords[status],
  time: shortTime(createdAtMs),
  unreadTaskId: null,
})

const lineOfCopy = (task: Task): Line => ({
  ...lineOfTask(task),
  unreadTaskId: task.isRead ? null : task.taskId,
})

Page({
  data: {
    phase: 'loading' as Phase,
    failure: '',
    busy: false,
    tabs,
    tab: 'todo' as Tab,
    lines: [] as Line[],
    nextCursor: null as string | null,
    todoCount: 0,
  },

  onShow() {
    return this.refresh()
  },

  onPullDownRefresh() {
    return this.refresh()
  },

  chooseTab({ currentTarget }: Tap<{ tab: Tab }>) {
    this.setData({ tab: currentTarget.dataset.tab, lines: [], nextCursor: null, phase: 'loading' })
    return this.refresh()
  },

  refresh() {
    const { tab } = this.data
    return load(this, async () => {
      const [page, counts] = await Promise.all([this.readPage(tab), api.approval.counts()])
      // The answer for a tab that was left meanwhile is nobody's.
      if (this.data.tab === tab) this.setData({ ...page, todoCount: counts.todo })
    })
  },

  onReachBottom() {
    const { tab, nextCursor: cursor } = this.data
    if (cursor === null) return
    return act(this, async () => {
      const page = await this.readPage(tab, cursor)
      if (this.data.nextCursor !== cursor) return
      this.setData({ lines: [...this.data.lines, ...page.lines], nextCursor: page.nextCursor })
    })
  },

  async readPage(tab: Tab, cursor?: string): Promise<{ lines: Line[]; nextCursor: string | null }> {
    if (tab === 'mine') {
      const { items, nextCursor } = await api.approval.mine({ cursor })
      return { lines: items.map(lineOfMine), nextCursor }
    }
    const { items, nextCursor } = await api.approval[tab]({ cursor })
    return { lines: items.map(tab === 'copies' ? lineOfCopy : lineOfTask), nextCursor }
  },

  open({ currentTarget }: Tap<{ key: string }>) {
    const line = this.data.lines.find(({ key }) => key === currentTarget.dataset.key)
    if (line === undefined) return
    const { instanceId, unreadTaskId: taskId } = line
    return act(this, async () => {
      if (taskId !== null) await api.approval.markRead({ instanceId, taskId })
      wx.navigateTo({ url: `/pages/approval-detail/approval-detail?instanceId=${instanceId}` })
    })
  },
})
