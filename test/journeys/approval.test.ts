/** Approvals from the mini program's side: a leave, an expense, a purchase, and what goes otherwise than planned. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FlowContent } from '../../cloudfunctions/approval/public.ts'
import { type Company, openCompany } from './approval-company.ts'

const HOUR_MS = 3_600_000

let company: Company
beforeAll(async () => {
  company = await openCompany()
  await company.publish('leave', leave('lead'))
  await company.publish('expense', expense())
  await company.publish('purchase', purchase())
})
afterAll(() => company.cloud.stop())

const as = (name: string) => company.cloud.as(name)
const id = (name: string) => company.cloud.openid(name)
const isSound = async (instanceId: string) =>
  (await as('admin').ok<{ isSound: boolean }>('approval/verify', { instanceId })).isSound

const start = (next: string) => ({ id: 'start' as const, kind: 'start' as const, next })
const end = { id: 'end', kind: 'end' as const }
const ask = (name: string, next: string) => ({
  id: `by-${name}`,
  kind: 'approve' as const,
  title: name,
  voting: { mode: 'all' as const },
  candidates: [{ by: 'users' as const, userIds: [id(name)] }],
  next,
})

function leave(manager: string): FlowContent {
  return {
    title: '请假',
    fields: [{ name: 'days', title: '天数', kind: 'number', min: 1 }],
    nodes: [
      start(`by-${manager}`),
      {
        ...ask(manager, 'tell'),
        rejected: 'initiator',
        timeout: { afterMs: HOUR_MS, then: 'escalate' },
      },
      {
        id: 'tell',
        kind: 'cc',
        title: '抄送',
        candidates: [{ by: 'users', userIds: [id('teller')] }],
        next: 'end',
      },
      end,
    ],
  }
}

function expense(): FlowContent {
  return {
    title: '报销',
    fields: [{ name: 'amount', title: '金额', kind: 'money' }],
    nodes: [
      start('manager'),
      { ...ask('lead', 'amount'), id: 'manager', candidates: [{ by: 'manager', level: 1 }] },
      {
        id: 'amount',
        kind: 'condition',
        title: '金额',
        branches: [{ title: '小额', when: { field: 'amount', is: 'lt', value: 50_000 }, next: 'end' }],
        otherwise: 'finance',
      },
      { ...ask('teller', 'end'), id: 'finance', candidates: [{ by: 'role', role: 'finance' }] },
      end,
    ],
  }
}

function purchase(): FlowContent {
  return {
    title: '采购',
    fields: [{ name: 'item', title: '物品', kind: 'text' }],
    nodes: [
      start('both'),
      { id: 'both', kind: 'parallel', title: '会签', branches: ['by-lead', 'by-teller'], join: 'joined' },
      ask('lead', 'by-expert'),
      ask('expert', 'joined'),
      ask('teller', 'joined'),
      { id: 'joined', kind: 'join', next: 'by-boss' },
      ask('boss', 'end'),
      end,
    ],
  }
}

describe('a leave', () => {
  it('is filled in, asked for, approved, and everybody learns of it', async () => {
    const { items } = await as('author1').ok<{ items: { key: string }[] }>('approval/startable')
    expect(items.map(({ key }) => key)).toEqual(['expense', 'leave', 'purchase'])
    const form = await as('author1').ok<{ version: number }>('approval/form', { key: 'leave' })
    expect(form).toMatchObject({ title: '请假', fields: [{ name: 'days', kind: 'number' }] })
    expect(await as('author1').refused('approval/start', { key: 'leave', form: { days: 0 } })).toBe(
      'INVALID_INPUT',
    )

    const instanceId = await company.start('leave', { days: 2 })
    expect(await company.todo('lead')).toEqual([instanceId])
    expect(await as('lead').ok('approval/counts')).toMatchObject({ todo: 1, done: 0 })
    expect(await company.act('lead', 'approve', instanceId, { comment: '好好休息' })).toMatchObject({
      status: 'approved',
    })
    expect(await as('lead').ok('approval/counts')).toMatchObject({ todo: 0, done: 1 })
    expect(await as('teller').ok('approval/counts')).toMatchObject({ unreadCopies: 1 })
    const inbox = await as('author1').ok<{ items: { code: string; body: string }[] }>('notification/inbox')
    expect(inbox.items).toContainEqual(
      expect.objectContaining({ code: 'approval.ended', body: '请假 已通过' }),
    )
    expect(await as('author1').ok('approval/mine')).toMatchObject({
      items: [{ instanceId, status: 'approved' }],
    })
  })

  it('that is turned down comes back, is changed and sent in again, or taken back', async () => {
    const instanceId = await company.start('leave', { days: 9 })
    await company.act('lead', 'reject', instanceId, { comment: '太长了' })
    await company.act('author1', 'resubmit', instanceId, { form: { days: 3 } })
    expect(await as('lead').ok('approval/detail', { instanceId })).toMatchObject({ form: { days: 3 } })
    await company.act('lead', 'sendBack', instanceId, { toNode: 'start' })
    await as('author1').ok('approval/withdraw', { instanceId })
    expect(await company.status(instanceId)).toBe('withdrawn')
    const { items } = await as('author1').ok<{ items: { action: { kind: string } }[] }>('approval/history', {
      instanceId,
    })
    expect(items.map(({ action }) => action.kind)).toEqual([
      'begin',
      'reject',
      'resubmit',
      'return',
      'withdraw',
    ])
    expect(await isSound(instanceId)).toBe(true)
  })

  it('that nobody answers goes to the manager above, by time alone', async () => {
    const instanceId = await company.start('leave', { days: 1 })
    await company.later(HOUR_MS)
    expect(await company.todo('lead')).not.toContain(instanceId)
    expect(await company.act('admin', 'approve', instanceId)).toMatchObject({ status: 'approved' })
  })

  it('keeps the version that it began with', async () => {
    const before = await company.start('leave', { days: 1 })
    await company.publish('leave', leave('expert'))
    const after = await company.start('leave', { days: 1 })
    expect([await company.todo('lead'), await company.todo('expert')]).toEqual([[before], [after]])
    await company.act('lead', 'approve', before)
    await company.act('expert', 'approve', after)
  })

  it('can be lent, handed on and signed by others as well, each once', async () => {
    const instanceId = await company.start('leave', { days: 4 })
    await company.act('expert', 'delegate', instanceId, { toUser: id('boss') })
    const lent = { instanceId, taskId: await company.taskOf('boss', instanceId) }
    expect(await as('boss').refused('approval/approve', lent)).toBe('TASK_STATE')
    await company.act('boss', 'giveBack', instanceId, { comment: '可以' })
    await company.act('expert', 'addSigners', instanceId, { place: 'before', userIds: [id('boss')] })
    expect(await company.todo('expert')).toEqual([])
    await company.act('boss', 'approve', instanceId)
    await company.act('expert', 'transfer', instanceId, { toUser: id('lead') })
    expect(await as('author1').ok('approval/urge', { instanceId })).toMatchObject({ status: 'running' })
    expect(await as('author1').refused('approval/urge', { instanceId })).toBe('URGED_RECENTLY')
    expect(await company.act('lead', 'approve', instanceId)).toMatchObject({ status: 'approved' })
    expect(await isSound(instanceId)).toBe(true)
  })
})

describe('an expense', () => {
  it('goes as far up as its amount says', async () => {
    const small = await company.start('expense', { amount: 49_999 })
    expect(await company.act('lead', 'approve', small)).toMatchObject({ status: 'approved' })
    const large = await company.start('expense', { amount: 50_000 })
    expect(await company.act('lead', 'approve', large)).toMatchObject({ status: 'running' })
    expect(await company.todo('teller')).toEqual([large])
    expect(await company.act('teller', 'reject', large)).toMatchObject({ status: 'rejected' })
  })

  it('is nobody else’s business', async () => {
    const instanceId = await company.start('expense', { amount: 1 })
    const taskId = await company.taskOf('lead', instanceId)
    for (const [route, data] of [
      ['detail', { instanceId }],
      ['history', { instanceId }],
      ['approve', { instanceId, taskId }],
      ['comment', { instanceId, comment: 'hm' }],
    ] as const)
      expect([route, await as('expert').refused(`approval/${route}`, data)]).toEqual([route, 'NOT_FOUND'])
    expect(await as('expert').refused('approval/terminate', { instanceId })).toBe('FORBIDDEN')
    await as('admin').ok('approval/terminate', { instanceId })
    expect(await as('lead').refused('approval/approve', { instanceId, taskId })).toBe('APPROVAL_STATE')
  })
})

describe('a purchase', () => {
  it('is signed side by side, by two at the same moment', async () => {
    const instanceId = await company.start('purchase', { item: '水壶' })
    const deeds = await Promise.all(
      ['lead', 'teller'].map(async (name) => [name, await company.taskOf(name, instanceId)] as const),
    )
    const replies = await Promise.all(
      deeds.map(([name, taskId]) => as(name).call('approval/approve', { instanceId, taskId })),
    )
    expect(replies.map(({ code }) => code)).toEqual([0, 0])
    expect(await company.todo('boss')).toEqual([])
    await company.act('expert', 'approve', instanceId)
    expect(await company.act('boss', 'approve', instanceId)).toMatchObject({ status: 'approved' })
    expect(await isSound(instanceId)).toBe(true)
  })

  it('that is returned out of one branch ends the other, and begins both anew', async () => {
    const instanceId = await company.start('purchase', { item: '茶杯' })
    await company.act('lead', 'approve', instanceId)
    await company.act('expert', 'sendBack', instanceId, { toNode: 'start' })
    expect(await company.todo('teller')).toEqual([])
    await company.act('author1', 'resubmit', instanceId, { form: { item: '茶壶' } })
    expect([await company.todo('lead'), await company.todo('teller')]).toEqual([[instanceId], [instanceId]])
    await company.act('teller', 'reject', instanceId)
    expect([await company.todo('lead'), await company.status(instanceId)]).toEqual([[], 'rejected'])
  })

  it('goes on without an approver who left', async () => {
    const instanceId = await company.start('purchase', { item: '茶盘' })
    await as('expert').ok('user/deleteAccount', { confirm: true })
    await company.act('lead', 'approve', instanceId)
    expect(await company.todo('admin')).toEqual([instanceId])
    await as('teller').ok('user/deleteAccount', { confirm: true })
    await company.later(60_000)
    const waiting = await as('admin').ok<{ items: object[] }>('approval/todo')
    expect(waiting.items).toHaveLength(2)
    await company.act('admin', 'approve', instanceId)
    await company.act('admin', 'approve', instanceId)
    expect(await company.act('boss', 'approve', instanceId)).toMatchObject({ status: 'approved' })
    expect(await isSound(instanceId)).toBe(true)
  })
})

describe('the record', () => {
  it('is whole: every change is in the history and in the audit chain', async () => {
    const changes = await company.cloud.collection('approval_history').all()
    const audited = (await company.cloud.collection('audit_entries').all()).filter(
      ({ action, subject }) => String(action).startsWith('approval.') && String(subject).startsWith('apv_'),
    )
    expect(audited).toHaveLength(changes.length)
    expect(await as('admin').ok('ops/verifyAudit', { chain: 'approval' })).toMatchObject({ isWhole: true })
  })
})
