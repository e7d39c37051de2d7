import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
})
const admin = () => cloud.as('admin')

const event = (_id: string, status: string, dueAtMs: number) => ({
  _id,
  type: 'nobody.listens',
  payload: { orderId: 'ord_1' },
  occurredAtMs: 1,
  traceId: 'trace-1',
  status,
  doneBy: ['one.consumer'],
  attempts: 10,
  dueAtMs,
  lastError: 'other.consumer: broken',
})

interface Dead {
  items: { eventId: string }[]
  nextCursor: string | null
}
const list = (input = {}) => admin().ok<Dead>('ops/listDeadEvents', input)

describe('dead events', () => {
  it('are listed with what they met, page by page', async () => {
    const all = [event('a', 'dead', 1), event('b', 'dead', 2), event('c', 'pending', 3)]
    await cloud.collection('outbox').insert(...all)
    const first = await list({ size: 1 })
    expect(first.items).toMatchObject([{ eventId: 'b', attempts: 10, lastError: 'other.consumer: broken' }])
    const second = await list({ size: 1, cursor: first.nextCursor })
    expect([second.items[0]?.eventId, second.nextCursor]).toEqual(['a', null])
  })

  it('are delivered again when an operator says so, and then are no longer dead', async () => {
    await cloud.collection('outbox').insert(event('a', 'dead', 1))
    await admin().ok('ops/replayDeadEvent', { eventId: 'a' })
    expect(await admin().refused('ops/replayDeadEvent', { eventId: 'a' })).toBe('NOT_FOUND')
    await cloud.asTimer('scheduler', 'everyMinute')
    expect(await cloud.collection('outbox').get('a')).toMatchObject({ status: 'done' })
    expect(await list()).toMatchObject({ items: [] })
  })

  it('are given up for good, with a trace of who did and why', async () => {
    await cloud.collection('outbox').insert(event('a', 'dead', 1), event('b', 'pending', 1))
    const drop = (eventId: string) => ({ eventId, reason: 'the order was a test' })
    await admin().ok('ops/dropDeadEvent', drop('a'))
    for (const eventId of ['a', 'b', 'none']) {
      expect(await admin().refused('ops/dropDeadEvent', drop(eventId))).toBe('NOT_FOUND')
    }
    expect(await cloud.collection('outbox').get('a')).toMatchObject({
      status: 'done',
      lastError: 'dropped: the order was a test',
      doneBy: ['one.consumer', 'operator'],
    })
    expect(await cloud.collection('audit_entries').all()).toMatchObject([
      { action: 'event.drop', subject: 'event/a', actor: cloud.openid('admin') },
    ])
  })
})

describe('ops/trouble', () => {
  it('counts what waits for somebody, and says where to look', async () => {
    await cloud.collection('outbox').insert(event('a', 'dead', 1))
    await cloud
      .collection('refunds')
      .insert({ _id: 'r1', state: 'failed' }, { _id: 'r2', state: 'pending', createdAtMs: 1 })
    await cloud.collection('payments').insert({ _id: 'p1', state: 'mismatch' })
    await cloud
      .collection('message_jobs')
      .insert({ _id: 'm1', status: 'dead' }, { _id: 'm2', status: 'sent' })
    await cloud.collection('orders').insert({ _id: 'o1', status: 'unpaid', payBeforeMs: 1 })
    const { total, items } = await admin().ok<{ total: number; items: object[] }>('ops/trouble')
    expect(total).toBe(6)
    expect(items).toEqual([
      { kind: 'dead-events', look: 'ops/listDeadEvents', count: 1 },
      { kind: 'failed-refunds', look: 'payment/refunds', count: 1 },
      { kind: 'stuck-refunds', look: 'payment/refunds', count: 1 },
      { kind: 'mismatched-payments', look: 'payment/list', count: 1 },
      { kind: 'failed-messages', look: 'notification/listJobs', count: 1 },
      { kind: 'overdue-orders', look: 'order/operatorList', count: 1 },
    ])
  })
})
