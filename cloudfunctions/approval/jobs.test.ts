/** What time, partners' systems, other flows and people who leave do to approvals that are stored. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import type { ContentInput } from './definition/model.ts'
import { approveNode, endNode, inRow, type Office, openOffice, startNode } from './office.fixture.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

let cloud: UnitCloud
let office: Office

beforeEach(async () => {
  cloud = await unitCloud()
  office = await openOffice(cloud)
})
afterEach(() => vi.unstubAllGlobals())

const minute = () => cloud.asTimer('scheduler', 'everyMinute')
const later = async (ms: number) => {
  await cloud.clock.advance(ms)
  await minute()
}
const isSound = async (instanceId: string) =>
  (await cloud.as('admin').ok<{ isSound: boolean }>('approval/verify', { instanceId })).isSound

describe('time', () => {
  it('approves, rejects, reminds and escalates when nobody answered, as the node says', async () => {
    const ids: string[] = []
    for (const then of ['approve', 'reject', 'remind', 'escalate'] as const) {
      const timeout = { afterMs: HOUR_MS, then }
      await office.publish(`wait-${then}`, inRow(approveNode('a', [office.id('lead')], '', { timeout })))
      ids.push(await office.start(`wait-${then}`, { days: 1 }))
    }
    await later(HOUR_MS - 1)
    expect(await Promise.all(ids.map(office.status))).toEqual(['running', 'running', 'running', 'running'])
    await later(1)
    expect(await Promise.all(ids.map(office.status))).toEqual(['approved', 'rejected', 'running', 'running'])
    expect(await office.asked(ids[2] ?? '')).toEqual(['lead'])
    expect(await office.asked(ids[3] ?? '')).toEqual(['boss'])
    const told = (await cloud.collection('inbox_messages').all()).filter(
      ({ code }) => code === 'approval.urged',
    )
    expect(told).toMatchObject([{ userId: office.id('lead') }])
    for (const id of ids) expect(await isSound(id)).toBe(true)
  })

  it('leads on from a delay', async () => {
    await office.publish('delayed', {
      ...inRow(approveNode('a', [office.id('lead')], '')),
      nodes: [
        startNode('nap'),
        { id: 'nap', kind: 'delay', title: 'nap', forMs: HOUR_MS, next: 'end' },
        endNode,
      ],
    })
    const instanceId = await office.start('delayed', { days: 1 })
    await later(HOUR_MS)
    expect(await office.status(instanceId)).toBe('approved')
  })
})

describe('a webhook', () => {
  const url = 'https://partner.example.com/hook'
  const flow = (failed: 'continue' | 'reject'): ContentInput => ({
    ...inRow(approveNode('a', [office.id('lead')], '')),
    nodes: [
      startNode('hook'),
      { id: 'hook', kind: 'webhook', title: 'hook', url, failed, next: 'end' },
      endNode,
    ],
  })
  const calls: { body: Record<string, unknown>; key: string | null }[] = []

  function answer(...statuses: number[]): void {
    calls.length = 0
    vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
      calls.push({
        body: JSON.parse(String(init.body)),
        key: new Headers(init.headers).get('idempotency-key'),
      })
      return new Response('', { status: statuses[Math.min(calls.length, statuses.length) - 1] })
    })
  }

  it('tells the partner what it is about and goes on', async () => {
    await office.publish('hooked', flow('reject'))
    answer(200)
    const instanceId = await office.start('hooked', { days: 2 })
    expect(calls).toEqual([])
    await minute()
    expect(await office.status(instanceId)).toBe('approved')
    expect(calls).toEqual([
      {
        key: `${instanceId}-1`,
        body: expect.objectContaining({ instanceId, definitionKey: 'hooked', form: { days: 2 } }),
      },
    ])
    await minute()
    expect(calls).toHaveLength(1)
  })

  it.each([
    ['continue', 'approved'],
    ['reject', 'rejected'],
  ] as const)(
    'that never answers is tried five times with pauses, and then the node says %s',
    async (failed, status) => {
      await office.publish('hooked', flow(failed))
      answer(500)
      const instanceId = await office.start('hooked', { days: 2 })
      for (const pauseMs of [0, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS]) {
        await later(pauseMs)
        expect(await office.status(instanceId)).toBe('running')
      }
      await later(2 * HOUR_MS)
      expect(await office.status(instanceId)).toBe(status)
      expect(new Set(calls.map(({ key }) => key)).size).toBe(1)
      expect(await isSound(instanceId)).toBe(true)
    },
    20_000,
  )
})

describe('a sub-flow', () => {
  const outer = (rejected: 'end' | 'continue'): ContentInput => ({
    ...inRow(approveNode('a', [office.id('boss')], '')),
    nodes: [
      startNode('fork'),
      { id: 'fork', kind: 'parallel', title: 'fork', branches: ['inside', 'beside'], join: 'join' },
      {
        id: 'inside',
        kind: 'subflow',
        title: 'inside',
        definitionKey: 'inner',
        fields: { days: 'days' },
        rejected,
        next: 'join',
      },
      approveNode('beside', [office.id('boss')], 'join'),
      { id: 'join', kind: 'join', next: 'end' },
      endNode,
    ],
  })
  const innerOf = async () => {
    const all = await cloud.collection('approval_instances').all()
    return String(all.find(({ definitionKey }) => definitionKey === 'inner')?._id)
  }

  beforeEach(async () => {
    await office.publish('inner', inRow(approveNode('check', [office.id('lead')], '')))
    await office.publish('outer', outer('end'))
  })

  it('begins with its outer flow, by the form, and leads on when it was approved', async () => {
    const instanceId = await office.start('outer', { days: 3 })
    const inner = await innerOf()
    expect(await cloud.as('worker').ok('approval/detail', { instanceId: inner })).toMatchObject({
      parent: instanceId,
      form: { days: 3 },
    })
    await office.act('boss', 'approve', instanceId)
    await office.act('lead', 'approve', inner)
    expect([await office.status(inner), await office.status(instanceId)]).toEqual(['approved', 'approved'])
    for (const id of [inner, instanceId]) expect(await isSound(id)).toBe(true)
  })

  it('that is rejected ends its outer flow, or not', async () => {
    const instanceId = await office.start('outer', { days: 3 })
    await office.act('lead', 'reject', await innerOf())
    expect(await office.status(instanceId)).toBe('rejected')
  })

  it('ends when its outer flow ends', async () => {
    const instanceId = await office.start('outer', { days: 3 })
    const inner = await innerOf()
    await cloud.as('worker').ok('approval/withdraw', { instanceId })
    expect([await office.status(inner), await office.status(instanceId)]).toEqual(['terminated', 'withdrawn'])
    expect(await cloud.as('lead').ok('approval/todo')).toMatchObject({ items: [] })
  })

  it('that nobody need decide ends at once, and so does what waited for it', async () => {
    await office.publish('inner', { ...inRow(approveNode('check', ['x'], '', { empty: { then: 'pass' } })) })
    const instanceId = await office.start('outer', { days: 3 })
    expect(await office.status(await innerOf())).toBe('approved')
    await office.act('boss', 'approve', instanceId)
    expect(await office.status(instanceId)).toBe('approved')
  })

  it('that cannot begin counts as rejected', async () => {
    const strict = inRow(approveNode('check', [office.id('lead')], ''))
    await office.publish('inner', {
      ...strict,
      fields: [...strict.fields, { name: 'why', title: 'Why', kind: 'text' }],
    })
    const instanceId = await office.start('outer', { days: 3 })
    expect(await office.status(instanceId)).toBe('rejected')
  })

  it('that contains its own outer flow cannot be published', async () => {
    const content = { ...outer('end') }
    const saved = await cloud.as('admin').ok<{ revision: number }>('approval/saveDefinition', {
      key: 'inner',
      revision: (await cloud.as('admin').ok<{ revision: number }>('approval/definition', { key: 'inner' }))
        .revision,
      content: {
        ...content,
        nodes: content.nodes.map((node) =>
          node.kind === 'subflow' ? { ...node, definitionKey: 'outer' } : node,
        ),
      },
    })
    const publish = { key: 'inner', revision: saved.revision }
    expect(await cloud.as('admin').call('approval/publishDefinition', publish)).toMatchObject({
      error: 'DEFINITION_INVALID',
      details: { problems: [{ nodeId: 'inside', problem: 'SUBFLOW' }] },
    })
  })
})

describe('somebody who deletes their account', () => {
  it('gives way to a manager, or to an administrator, within a minute', async () => {
    await office.publish('people', inRow(approveNode('a', [office.id('lead'), office.id('expert')], '')))
    const instanceId = await office.start('people', { days: 1 })
    await cloud.as('lead').ok('user/deleteAccount', { confirm: true })
    await cloud.as('expert').ok('user/deleteAccount', { confirm: true })
    await minute()
    expect(await office.asked(instanceId)).toEqual(['boss', 'admin'])
    const todo = (await cloud.collection('approval_tasks').all()).filter(({ box }) => box === 'todo')
    expect(todo.map(({ _openid }) => _openid)).not.toContain(office.id('lead'))
    await later(11 * MINUTE_MS)
    expect(await cloud.collection('approval_leavers').all()).toEqual([])
    expect(await isSound(instanceId)).toBe(true)
  })

  it('is not asked by what begins later', async () => {
    await office.publish('people', inRow(approveNode('a', [office.id('lead'), office.id('boss')], '')))
    await cloud.as('lead').ok('user/deleteAccount', { confirm: true })
    await cloud.as('admin').ok('user/ban', { userId: office.id('boss'), reason: 'test' })
    expect(await office.asked(await office.start('people', { days: 1 }))).toEqual(['admin'])
  })
})
