import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

interface Inbox {
  items: { messageId: string; title: string; isRead: boolean }[]
  nextCursor: string | null
  unreadCount: number
}

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
})

async function receive(name: string, ...ids: string[]): Promise<void> {
  for (const [at, id] of ids.entries()) {
    await cloud.collection('inbox_messages').insert({
      _id: id,
      _openid: cloud.openid(name),
      userId: cloud.openid(name),
      code: 'order.paid',
      title: id,
      body: '…',
      page: 'pages/order-detail/order-detail?orderId=ord_1',
      isRead: false,
      createdAtMs: cloud.clock.nowMs() + at,
    })
  }
}

const inbox = (data: object = {}) => cloud.as('buyer1').ok<Inbox>('notification/inbox', data)

describe('notification/inbox', () => {
  it('pages through the own messages, newest first, with the number of unread ones', async () => {
    await receive('buyer1', 'm1', 'm2', 'm3')
    await receive('buyer2', 'x1')
    const first = await inbox({ size: 2 })
    expect(cloud.databaseCalls()).toBeLessThanOrEqual(3)
    const second = await inbox({ size: 2, cursor: first.nextCursor })
    expect([...first.items, ...second.items].map(({ title }) => title)).toEqual(['m3', 'm2', 'm1'])
    expect(second).toMatchObject({ nextCursor: null, unreadCount: 3 })
  })

  it('refuses a cursor that it did not give, and callers who are nobody', async () => {
    expect(await cloud.as('buyer1').refused('notification/inbox', { cursor: 'x' })).toBe('INVALID_INPUT')
    expect(await cloud.asFunction().refused('notification/inbox')).toBe('UNAUTHENTICATED')
  })
})

describe('notification/markRead', () => {
  it('marks one, and may be repeated', async () => {
    await receive('buyer1', 'm1', 'm2')
    await cloud.as('buyer1').ok('notification/markRead', { messageId: 'm1' })
    await cloud.as('buyer1').ok('notification/markRead', { messageId: 'm1' })
    expect(await cloud.as('buyer1').ok('notification/unreadCount')).toEqual({ unreadCount: 1 })
  })

  it("finds neither a stranger's message nor a missing one", async () => {
    await receive('buyer2', 'x1')
    expect(await cloud.as('buyer1').refused('notification/markRead', { messageId: 'x1' })).toBe('NOT_FOUND')
    expect(await cloud.as('buyer1').refused('notification/markRead', { messageId: 'none' })).toBe('NOT_FOUND')
    expect(await cloud.collection('inbox_messages').get('x1')).toMatchObject({ isRead: false })
  })
})

describe('notification/markAllRead', () => {
  it('marks the own messages only', async () => {
    await receive('buyer1', 'm1', 'm2')
    await receive('buyer2', 'x1')
    expect(await cloud.as('buyer1').ok('notification/markAllRead')).toEqual({ marked: 2 })
    expect(await cloud.as('buyer1').ok('notification/markAllRead')).toEqual({ marked: 0 })
    expect(await cloud.as('buyer2').ok('notification/unreadCount')).toEqual({ unreadCount: 1 })
  })
})

describe('notification/removeMessage', () => {
  it('removes one of the own messages, and nothing the second time', async () => {
    await receive('buyer1', 'm1', 'm2')
    expect(await cloud.as('buyer1').ok('notification/removeMessage', { messageId: 'm1' })).toEqual({
      removed: true,
    })
    expect(await cloud.as('buyer1').ok('notification/removeMessage', { messageId: 'm1' })).toEqual({
      removed: false,
    })
    expect((await inbox()).items.map(({ messageId }) => messageId)).toEqual(['m2'])
  })

  it("leaves a stranger's message alone", async () => {
    await receive('buyer2', 'x1')
    expect(await cloud.as('buyer1').ok('notification/removeMessage', { messageId: 'x1' })).toEqual({
      removed: false,
    })
    expect(await cloud.collection('inbox_messages').all()).toHaveLength(1)
  })
})

describe('input that is missing', () => {
  it.each(['markRead', 'removeMessage'])('is refused by %s', async (route) => {
    expect(await cloud.as('buyer1').refused(`notification/${route}`, {})).toBe('INVALID_INPUT')
  })
})
