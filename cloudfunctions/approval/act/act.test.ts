/** What people do to an approval, and when they may not. */
import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'
import { approveNode, inRow, type Office, openOffice } from '../office.fixture.ts'

let cloud: UnitCloud
let office: Office
let two: string

beforeEach(async () => {
  cloud = await unitCloud()
  office = await openOffice(cloud)
  await office.publish(
    'two-steps',
    inRow(
      approveNode('first', [office.id('lead'), office.id('expert')], ''),
      approveNode('second', [office.id('boss')], ''),
    ),
  )
  two = await office.start('two-steps', { days: 1 })
})

const refused = async (name: string, action: string, more: object = {}) =>
  cloud.as(name).refused(`approval/${action}`, { instanceId: two, ...more })
const box = async (name: string, list: string) => {
  const { items } = await cloud
    .as(name)
    .ok<{ items: { nodeId: string; outcome: string | null }[] }>(`approval/${list}`)
  return items.map(({ nodeId, outcome }) => `${nodeId} ${outcome}`)
}

describe('approve and reject', () => {
  it('move it from node to node to its end, and into the right lists', async () => {
    expect(await office.asked(two)).toEqual(['lead', 'expert'])
    await office.act('lead', 'approve', two, { comment: 'fine' })
    expect(await office.asked(two)).toEqual(['expert'])
    await office.act('expert', 'approve', two)
    expect(await office.asked(two)).toEqual(['boss'])
    expect(await box('boss', 'todo')).toEqual(['second null'])
    expect(await office.act('boss', 'approve', two)).toMatchObject({ status: 'approved' })
    expect(await box('boss', 'todo')).toEqual([])
    expect(await box('boss', 'done')).toEqual(['second approved'])
    expect(await cloud.as('worker').ok('approval/mine', { status: 'approved' })).toMatchObject({
      items: [{ instanceId: two, status: 'approved', nodeIds: [] }],
    })
  })

  it('end it with a rejection, and take the task from the others', async () => {
    const experts = await office.taskOf(two, 'expert')
    expect(await office.act('lead', 'reject', two, { comment: 'no' })).toMatchObject({ status: 'rejected' })
    expect(await refused('expert', 'approve', { taskId: experts })).toBe('APPROVAL_STATE')
    expect(await box('expert', 'todo')).toEqual([])
    expect(await box('expert', 'done')).toEqual([])
    expect(await box('lead', 'done')).toEqual(['first rejected'])
  })

  it('give a repeated request its first reply, and count it once', async () => {
    const taskId = await office.taskOf(two, 'lead')
    const call = () =>
      cloud.as('lead').ok('approval/approve', { instanceId: two, taskId }, { requestId: 'r-000001' })
    const first = await call()
    expect(await call()).toEqual(first)
    expect(await refused('lead', 'approve', { taskId })).toBe('TASK_STATE')
    expect(await cloud.collection('approval_history').all()).toHaveLength(2)
  })

  it('refuse a task that is not theirs, and tell a stranger nothing', async () => {
    const taskId = await office.taskOf(two, 'lead')
    expect(await refused('expert', 'approve', { taskId })).toBe('NOT_FOUND')
    expect(await refused('clerk', 'approve', { taskId })).toBe('NOT_FOUND')
    expect(await refused('clerk', 'detail')).toBe('NOT_FOUND')
    expect(await refused('clerk', 'history')).toBe('NOT_FOUND')
    expect(await refused('lead', 'approve', { taskId: 999 })).toBe('TASK_STATE')
  })

  it('count two approvers at the same moment both, whoever comes first', async () => {
    const [leads, experts] = [await office.taskOf(two, 'lead'), await office.taskOf(two, 'expert')]
    const replies = await Promise.all([
      cloud.as('lead').call('approval/approve', { instanceId: two, taskId: leads }),
      cloud.as('expert').call('approval/approve', { instanceId: two, taskId: experts }),
    ])
    expect(replies.map(({ code }) => code)).toEqual([0, 0])
    expect(await office.asked(two)).toEqual(['boss'])
    const stored = await cloud.collection('approval_history').all()
    expect(stored.map(({ revision }) => revision).toSorted()).toEqual([1, 2, 3])
    expect(await cloud.as('admin').ok('approval/verify', { instanceId: two })).toMatchObject({
      isSound: true,
    })
  })

  it('let one of an approval and a rejection at the same moment win, never both', async () => {
    await office.publish(
      'any',
      inRow(approveNode('one', [office.id('lead'), office.id('boss')], '', { voting: { mode: 'any' } })),
    )
    const instanceId = await office.start('any', { days: 1 })
    const replies = await Promise.all([
      cloud
        .as('lead')
        .call('approval/approve', { instanceId, taskId: await office.taskOf(instanceId, 'lead') }),
      cloud
        .as('boss')
        .call('approval/reject', { instanceId, taskId: await office.taskOf(instanceId, 'boss') }),
    ])
    expect(replies.filter(({ code }) => code === 0)).toHaveLength(1)
    const won = replies[0]?.code === 0 ? 'approved' : 'rejected'
    expect(await office.status(instanceId)).toBe(won)
  })
})

describe('sendBack and resubmit', () => {
  it('ask again from the node that it went back to', async () => {
    await office.act('lead', 'approve', two)
    await office.act('expert', 'approve', two)
    expect((await office.detail(two)).at[0]?.mayReturnTo).toEqual(['start', 'first'])
    await office.act('boss', 'sendBack', two, { toNode: 'first', comment: 'why?' })
    expect(await office.asked(two)).toEqual(['lead', 'expert'])
    expect(await box('boss', 'done')).toEqual(['second returned'])
  })

  it('go back to the initiator, who may change the form, by the version that it began with', async () => {
    await office.act('lead', 'sendBack', two, { toNode: 'start' })
    expect(await office.asked(two)).toEqual(['worker'])
    await office.publish('two-steps', inRow(approveNode('only', [office.id('clerk')], '')))
    const taskId = await office.taskOf(two, 'worker')
    expect(await refused('worker', 'resubmit', { taskId, form: { days: 'many' } })).toBe('INVALID_INPUT')
    expect(await refused('lead', 'resubmit', { taskId, form: { days: 2 } })).toBe('NOT_FOUND')
    expect(await refused('worker', 'approve', { taskId })).toBe('TASK_STATE')
    await office.act('worker', 'resubmit', two, { form: { days: 2 } })
    expect(await cloud.as('worker').ok('approval/detail', { instanceId: two })).toMatchObject({
      form: { days: 2 },
      version: 1,
    })
    expect(await office.asked(two)).toEqual(['lead', 'expert'])
  })

  it('refuse a node that was not passed', async () => {
    const taskId = await office.taskOf(two, 'lead')
    for (const toNode of ['second', 'first', 'end', 'nowhere'])
      expect(await refused('lead', 'sendBack', { taskId, toNode })).toBe('RETURN_TARGET')
  })
})

describe('withdraw and terminate', () => {
  it('end it for the initiator, as its definition says', async () => {
    expect(await refused('lead', 'withdraw')).toBe('NOT_FOUND')
    await cloud.as('worker').ok('approval/withdraw', { instanceId: two })
    expect(await office.status(two)).toBe('withdrawn')
    expect(await refused('worker', 'withdraw')).toBe('APPROVAL_STATE')

    const content = inRow(
      approveNode('a', [office.id('lead')], ''),
      approveNode('b', [office.id('boss')], ''),
    )
    await office.publish('early', { ...content, withdraw: 'before-first-decision' })
    const instanceId = await office.start('early', { days: 1 })
    await office.act('lead', 'approve', instanceId)
    expect(await cloud.as('worker').refused('approval/withdraw', { instanceId })).toBe('APPROVAL_STATE')
    await office.act('boss', 'sendBack', instanceId, { toNode: 'start' })
    await cloud.as('worker').ok('approval/withdraw', { instanceId })
  })

  it('end it for operators, and for nobody else', async () => {
    expect(await refused('worker', 'terminate')).toBe('FORBIDDEN')
    await cloud.as('admin').ok('approval/terminate', { instanceId: two, comment: 'duplicate' })
    expect(await office.status(two)).toBe('terminated')
    expect(await cloud.collection('audit_entries').all()).toContainEqual(
      expect.objectContaining({ action: 'approval.terminate', subject: two }),
    )
  })
})

describe('transfer, delegate and giveBack', () => {
  it('hand the decision on for good', async () => {
    await office.act('lead', 'transfer', two, { toUser: office.id('clerk') })
    expect(await office.asked(two)).toEqual(['clerk', 'expert'])
    expect(await box('lead', 'done')).toEqual(['first transferred'])
    await office.act('clerk', 'approve', two)
  })

  it('lend it, and the decision stays with the lender', async () => {
    await office.act('lead', 'delegate', two, { toUser: office.id('clerk') })
    expect(await office.asked(two)).toEqual(['expert', 'clerk'])
    const lent = await office.taskOf(two, 'clerk')
    expect(await refused('clerk', 'approve', { taskId: lent })).toBe('TASK_STATE')
    expect(await refused('expert', 'giveBack', { taskId: lent })).toBe('NOT_FOUND')
    await office.act('clerk', 'giveBack', two, { comment: 'looks right' })
    expect(await office.asked(two)).toEqual(['lead', 'expert'])
    await office.act('lead', 'delegate', two, { toUser: office.id('clerk') })
    const own = (await office.detail(two)).at[0]?.tasks.find(({ userId }) => userId === office.id('lead'))
    await cloud.as('lead').ok('approval/giveBack', { instanceId: two, taskId: own?.taskId })
    await office.act('lead', 'approve', two)
  })

  it('refuse whoever is asked already, has left, or is unknown', async () => {
    const taskId = await office.taskOf(two, 'lead')
    for (const toUser of [office.id('expert'), office.id('lead'), 'nobody'])
      expect(await refused('lead', 'transfer', { taskId, toUser })).toBe('SIGNER_UNFIT')
    expect(await refused('lead', 'giveBack', { taskId })).toBe('TASK_STATE')
  })
})

describe('addSigners and removeSigner', () => {
  it('ask others before and after, as one vote together', async () => {
    await office.act('lead', 'addSigners', two, { place: 'after', userIds: [office.id('buyer')] })
    await office.act('lead', 'addSigners', two, { place: 'before', userIds: [office.id('clerk')] })
    expect(await office.asked(two)).toEqual(['expert', 'clerk'])
    await office.act('clerk', 'approve', two)
    expect(await office.asked(two)).toEqual(['lead', 'expert'])
    await office.act('lead', 'approve', two)
    await office.act('expert', 'approve', two)
    expect(await office.asked(two)).toEqual(['buyer'])
    expect(await office.act('buyer', 'reject', two)).toMatchObject({ status: 'rejected' })
  })

  it('leave the vote of an added signer to that signer', async () => {
    await office.act('lead', 'addSigners', two, { place: 'before', userIds: [office.id('clerk')] })
    const taskId = await office.taskOf(two, 'clerk')
    const toUser = office.id('buyer')
    for (const action of ['approve', 'reject'])
      expect(await refused('lead', action, { taskId })).toBe('NOT_FOUND')
    expect(await refused('lead', 'transfer', { taskId, toUser })).toBe('NOT_FOUND')
    expect(await refused('lead', 'delegate', { taskId, toUser })).toBe('NOT_FOUND')
    expect(await refused('lead', 'sendBack', { taskId, toNode: 'start' })).toBe('NOT_FOUND')
    expect(await office.asked(two)).toEqual(['expert', 'clerk'])
  })

  it('take back a signer who has not decided, by who added them', async () => {
    await office.act('lead', 'addSigners', two, { place: 'before', userIds: [office.id('clerk')] })
    const taskId = await office.taskOf(two, 'clerk')
    expect(await refused('expert', 'removeSigner', { taskId })).toBe('NOT_FOUND')
    expect(await refused('clerk', 'removeSigner', { taskId })).toBe('TASK_STATE')
    await cloud.as('lead').ok('approval/removeSigner', { instanceId: two, taskId })
    expect(await office.asked(two)).toEqual(['lead', 'expert'])
    const own = await office.taskOf(two, 'lead')
    expect(await refused('lead', 'removeSigner', { taskId: own })).toBe('TASK_STATE')
  })
})

describe('copyTo, urge and comment', () => {
  it('let others read along and mark it as read', async () => {
    await cloud.as('worker').ok('approval/copyTo', { instanceId: two, userIds: [office.id('clerk')] })
    expect(await cloud.as('clerk').ok('approval/counts')).toMatchObject({ copies: 1, unreadCopies: 1 })
    const { items } = await cloud.as('clerk').ok<{ items: { taskId: number }[] }>('approval/copies')
    const copy = { instanceId: two, taskId: items[0]?.taskId }
    for (let i = 0; i < 2; i++) await cloud.as('clerk').ok('approval/markRead', copy)
    expect(await cloud.as('clerk').ok('approval/counts')).toMatchObject({ copies: 1, unreadCopies: 0 })
    expect(await cloud.as('lead').refused('approval/markRead', copy)).toBe('NOT_FOUND')
    expect(await refused('clerk', 'copyTo', { userIds: [office.id('buyer')] })).toBe('NOT_FOUND')
    expect(await refused('worker', 'copyTo', { userIds: ['nobody'] })).toBe('SIGNER_UNFIT')
    await cloud.as('clerk').ok('approval/comment', { instanceId: two, comment: 'noted' })
    expect(await refused('buyer', 'comment', { comment: 'me too' })).toBe('NOT_FOUND')
  })

  it('remind those who are asked, once an hour', async () => {
    const inbox = async () =>
      (await cloud.collection('inbox_messages').all()).filter(({ code }) => code === 'approval.urged').length
    await cloud.as('worker').ok('approval/urge', { instanceId: two })
    expect(await inbox()).toBe(2)
    expect(await refused('worker', 'urge')).toBe('URGED_RECENTLY')
    expect(await refused('lead', 'urge')).toBe('NOT_FOUND')
    await cloud.clock.advance(3_600_000)
    await cloud.as('worker').ok('approval/urge', { instanceId: two })
    expect(await inbox()).toBe(4)
  })
})

describe('reassign', () => {
  it('gives a task, whosever it is, to somebody else', async () => {
    const taskId = await office.taskOf(two, 'lead')
    expect(await refused('worker', 'reassign', { taskId, toUser: office.id('clerk') })).toBe('FORBIDDEN')
    await cloud.as('admin').ok('approval/reassign', { instanceId: two, taskId, toUser: office.id('clerk') })
    expect(await office.asked(two)).toEqual(['clerk', 'expert'])
  })
})

describe('history', () => {
  it('tells everything in order, page by page, and leads to the stored state', async () => {
    await office.act('lead', 'approve', two, { comment: 'fine' })
    await office.act('expert', 'reject', two, { comment: 'no budget' })
    const first = await cloud
      .as('worker')
      .ok<{ items: object[]; nextCursor: string }>('approval/history', { instanceId: two, size: 2 })
    const rest = await cloud
      .as('worker')
      .ok<{ items: object[] }>('approval/history', { instanceId: two, cursor: first.nextCursor })
    expect([...first.items, ...rest.items]).toMatchObject([
      { revision: 1, action: { kind: 'begin' }, by: office.id('worker') },
      { revision: 2, action: { kind: 'approve' }, by: office.id('lead'), comment: 'fine' },
      { revision: 3, action: { kind: 'reject' }, by: office.id('expert'), comment: 'no budget' },
    ])
    expect(await cloud.as('admin').ok('approval/verify', { instanceId: two })).toEqual({
      instanceId: two,
      revision: 3,
      isSound: true,
    })
    expect(
      (await cloud.collection('audit_entries').all()).filter(({ subject }) => subject === two),
    ).toHaveLength(3)
  })
})
