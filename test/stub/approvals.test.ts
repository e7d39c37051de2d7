import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Company, openCompany } from '../journeys/approval-company.ts'
import { createPhone, type OpenPage, type Phone } from './phone.ts'

/** The real pages of an approval: from the message in the inbox to the last word in its history. */
describe('an approval on the phone', () => {
  let company: Company
  let phone: Phone
  let instanceId = ''

  beforeAll(async () => {
    company = await openCompany()
    const { cloud } = company
    await company.publish('leave', {
      title: '请假',
      fields: [
        { name: 'days', title: '天数', kind: 'number' },
        { name: 'costs', title: '路费', kind: 'money', required: false },
      ],
      nodes: [
        { id: 'start', kind: 'start', next: 'lead' },
        {
          id: 'lead',
          kind: 'approve',
          title: '主管审批',
          voting: { mode: 'all' },
          candidates: [{ by: 'users', userIds: [cloud.openid('lead')] }],
          next: 'tell',
        },
        {
          id: 'tell',
          kind: 'cc',
          title: '抄送人事',
          candidates: [{ by: 'users', userIds: [cloud.openid('teller')] }],
          next: 'end',
        },
        { id: 'end', kind: 'end' },
      ],
    })
    instanceId = await company.start('leave', { days: 2, costs: 1_250 })
  })
  afterAll(() => company.cloud.stop())

  /** Takes the phone of this person into one's hand. */
  async function pickUp(user: string): Promise<void> {
    phone = createPhone({ kind: 'local', url: company.cloud.emulator.url, user })
    await phone.startApp()
  }
  const openDetail = () => phone.open('approval-detail', { instanceId })
  const shown = (page: OpenPage) => page.data.approval as Record<string, unknown> // what viewOf makes
  const historyOf = (page: OpenPage) =>
    (page.data.timeline as { words: string; comment: string }[]).map(({ words, comment }) => [words, comment])

  it('opens from the message that somebody is asked, and is sent back with words', async () => {
    await company.later(60_000)
    await pickUp('lead')
    const profile = await phone.open('profile')
    const [message] = profile.data.messages as { messageId: string; title: string }[]
    expect(message?.title).toBe('待审批')
    await profile.tap('openMessage', { messageId: message?.messageId })
    expect(phone.visited.at(-1)).toBe(`/pages/approval-detail/approval-detail?instanceId=${instanceId}`)

    const page = await openDetail()
    expect(shown(page)).toMatchObject({
      statusWords: '审批中',
      fields: [
        { title: '天数', words: '2' },
        { title: '路费', words: '¥12.50' },
      ],
      places: [{ title: '主管审批', waitingFor: 1 }],
      task: { asks: 'decide' },
      canWithdraw: false,
    })
    await company.act('lead', 'sendBack', instanceId, { toNode: 'start', comment: '哪两天？' })
    await page.tap('approve')
    expect(phone.toasts).toHaveLength(1)
    expect(shown(page)).toMatchObject({ task: null })
  })

  it('is sent in again by whoever began it, and urged', async () => {
    await pickUp('author1')
    const page = await openDetail()
    expect(shown(page)).toMatchObject({ task: { asks: 'resubmit' }, canWithdraw: true })
    phone.modal = { confirm: true, content: '周四周五' }
    await page.tap('resubmit')
    expect(shown(page)).toMatchObject({ task: null, places: [{ title: '主管审批' }] })
    await page.tap('urge')
    expect(phone.toasts.at(-1)).toBe('已催办')
    await page.tap('urge')
    expect(phone.toasts.at(-1)).not.toBe('已催办')
  })

  it('waits in the list of who decides, and leaves it when it is approved', async () => {
    await pickUp('lead')
    await (await phone.open('profile')).tap('openApprovals')
    expect(phone.visited.at(-1)).toBe('/pages/approval-list/approval-list')
    const list = await phone.open('approval-list')
    expect(list.data).toMatchObject({ todoCount: 1, lines: [{ instanceId, words: '主管审批' }] })
    const [line] = list.data.lines as { key: string }[]
    await list.tap('open', { key: line?.key })
    expect(phone.visited.at(-1)).toBe(`/pages/approval-detail/approval-detail?instanceId=${instanceId}`)

    const page = await openDetail()
    phone.modal = { confirm: false }
    await page.tap('approve')
    expect(shown(page)).toMatchObject({ statusWords: '审批中' })
    phone.modal = { confirm: true, content: '好' }
    await page.tap('approve')
    expect(shown(page)).toMatchObject({ statusWords: '已通过', task: null, places: [] })
    expect(historyOf(page)).toEqual([
      ['发起', ''],
      ['退回', '哪两天？'],
      ['重新提交', '周四周五'],
      ['催办', ''],
      ['同意', '好'],
    ])

    await list.run('refresh')
    expect(list.data).toMatchObject({ todoCount: 0, lines: [] })
    await list.tap('chooseTab', { tab: 'done' })
    expect(list.data.lines).toMatchObject([{ instanceId }, { instanceId }])
  })

  it('is read by who is told of it, and found by who began it', async () => {
    await pickUp('teller')
    const list = await phone.open('approval-list')
    await list.tap('chooseTab', { tab: 'copies' })
    const [line] = list.data.lines as { key: string; unreadTaskId: number | null }[]
    expect(line?.unreadTaskId).toEqual(expect.any(Number))
    await list.tap('open', { key: line?.key })
    await list.run('refresh')
    expect(list.data.lines).toMatchObject([{ instanceId, unreadTaskId: null }])

    await pickUp('author1')
    const mine = await phone.open('approval-list')
    await mine.tap('chooseTab', { tab: 'mine' })
    expect(mine.data.lines).toMatchObject([{ instanceId, words: '已通过' }])
  })

  it('is not there for strangers', async () => {
    await pickUp('boss')
    expect((await openDetail()).data).toMatchObject({ phase: 'failed', approval: null })
  })
})
