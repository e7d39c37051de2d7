import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'
import { approveNode, endNode, inRow, type Office, openOffice } from '../office.fixture.ts'
import type { ContentInput } from './model.ts'

let cloud: UnitCloud
let office: Office
beforeEach(async () => {
  cloud = await unitCloud()
  office = await openOffice(cloud)
})

const admin = () => cloud.as('admin')
const flow = (userId: string) => inRow(approveNode('a', [userId], ''))
const save = (content: ContentInput, revision = 0) =>
  admin().ok<{ revision: number; problems: object[] }>('approval/saveDefinition', {
    key: 'leave',
    content,
    revision,
  })

describe('saveDefinition', () => {
  it('keeps a draft that is not finished, and says what is wrong', async () => {
    const content = { ...flow('u1'), nodes: flow('u1').nodes.filter(({ kind }) => kind !== 'end') }
    const { revision, problems } = await save(content)
    expect(problems).toContainEqual({ nodeId: 'a', problem: 'LEADS_NOWHERE', about: 'end' })
    expect(await admin().refused('approval/publishDefinition', { key: 'leave', revision })).toBe(
      'DEFINITION_INVALID',
    )
    expect(await admin().ok('approval/definition', { key: 'leave' })).toMatchObject({ latest: 0, problems })
  })

  it('refuses a change to what somebody else changed meanwhile', async () => {
    await save(flow('u1'))
    expect(
      await admin().refused('approval/saveDefinition', { key: 'leave', content: flow('u2'), revision: 0 }),
    ).toBe('STALE')
    expect(
      await admin().refused('approval/saveDefinition', { key: 'other', content: flow('u2'), revision: 3 }),
    ).toBe('STALE')
  })

  it.each([
    'http://partner.example.com/x',
    'https://127.0.0.1/x',
    'https://localhost/x',
    'javascript:alert(1)',
  ])('refuses to call %s', async (url) => {
    const nodes = [...flow('u1').nodes, { id: 'hook', kind: 'webhook', title: 'h', url, next: 'end' }]
    const input = { key: 'leave', content: { ...flow('u1'), nodes }, revision: 0 }
    expect(await admin().refused('approval/saveDefinition', input)).toBe('INVALID_INPUT')
  })
})

describe('publishDefinition', () => {
  it('makes a version that stays, and a repeat makes no second one', async () => {
    const { revision } = await save(flow(office.id('lead')))
    const publish = { key: 'leave', revision }
    const first = await admin().ok<{ revision: number }>('approval/publishDefinition', publish)
    expect(first).toMatchObject({ version: 1 })
    expect(await admin().ok('approval/publishDefinition', publish)).toEqual(first)
    await save(flow(office.id('boss')), first.revision)
    expect(await admin().refused('approval/publishDefinition', publish)).toBe('STALE')
    expect(await cloud.collection('approval_versions').all()).toHaveLength(1)
  })

  it('leaves what runs as it is', async () => {
    await office.publish('leave', flow(office.id('lead')))
    const before = await office.start('leave', { days: 1 })
    await office.publish('leave', flow(office.id('boss')))
    const after = await office.start('leave', { days: 1 })
    expect([await office.asked(before), await office.asked(after)]).toEqual([['lead'], ['boss']])
    await office.act('lead', 'approve', before)
    expect(await office.detail(before)).toMatchObject({ status: 'approved', version: 1 })
  })
})

describe('a draft that is saved while another one is being checked', () => {
  it('is not published unchecked', async () => {
    const inner = Array.from({ length: 10 }, (_, i) => `inner-${i}`)
    for (const key of inner) await office.publish(key, flow('u1'))
    const subflows = inner.map((definitionKey, i) => ({
      id: definitionKey,
      kind: 'subflow' as const,
      title: definitionKey,
      definitionKey,
      next: inner[i + 1] ?? 'end',
    }))
    const nodes = [{ id: 'start' as const, kind: 'start' as const, next: 'inner-0' }, ...subflows, endNode]
    await save({ title: '流程', fields: [], nodes })
    const dead = { ...flow('u1'), nodes: flow('u1').nodes.filter(({ kind }) => kind !== 'end') }
    const publish = () => admin().call('approval/publishDefinition', { key: 'leave', revision: 2 })
    const [published] = await Promise.all([publish(), save(dead, 1)])
    expect(published).toMatchObject({ error: 'STALE' })
    expect(await publish()).toMatchObject({ error: 'DEFINITION_INVALID' })
  })
})

describe('setDefinitionOpen', () => {
  it('keeps new approvals out; those that run go on', async () => {
    await office.publish('leave', flow(office.id('lead')))
    const running = await office.start('leave', { days: 1 })
    for (let i = 0; i < 2; i++)
      await admin().ok('approval/setDefinitionOpen', { key: 'leave', isOpen: false })
    const worker = cloud.as('worker')
    expect(await worker.refused('approval/start', { key: 'leave', form: { days: 1 } })).toBe(
      'DEFINITION_CLOSED',
    )
    expect(await worker.refused('approval/form', { key: 'leave' })).toBe('DEFINITION_CLOSED')
    expect(await worker.ok('approval/startable')).toMatchObject({ items: [] })
    await office.act('lead', 'approve', running)
    expect(await office.status(running)).toBe('approved')
  })
})

describe('start', () => {
  beforeEach(() => office.publish('leave', flow(office.id('lead'))))

  it('shows what to fill in, and takes what fits', async () => {
    const chosen = inRow(approveNode('a', [], '', { candidates: [{ by: 'initiator-chooses', max: 2 }] }))
    await office.publish('choose', chosen)
    expect(await cloud.as('worker').ok('approval/form', { key: 'choose' })).toMatchObject({
      version: 1,
      fields: [{ name: 'days' }],
      choices: [{ nodeId: 'a', max: 2 }],
    })
    const choice = { chosen: { a: [office.id('clerk'), office.id('boss'), office.id('lead')] } }
    expect(await office.asked(await office.start('choose', { days: 1 }, choice))).toEqual(['clerk', 'boss'])
  })

  it('refuses a form that does not fit, or that was filled in for another version', async () => {
    const start = (form: object, more: object = {}) =>
      cloud.as('worker').refused('approval/start', { key: 'leave', form, ...more })
    expect(await start({})).toBe('INVALID_INPUT')
    expect(await start({ days: '1' })).toBe('INVALID_INPUT')
    expect(await start({ days: 1, boss: true })).toBe('INVALID_INPUT')
    expect(await start({ days: 1 }, { version: 7 })).toBe('STALE')
    expect(await start({ days: 1 }, { key: 'unknown' })).toBe('DEFINITION_CLOSED')
  })

  it('begins once for a repeated request', async () => {
    const again = () =>
      cloud.as('worker').ok('approval/start', { key: 'leave', form: { days: 1 } }, { requestId: 'r-000001' })
    expect(await again()).toEqual(await again())
    expect(await cloud.collection('approval_instances').all()).toHaveLength(1)
  })

  it('finds managers at each level, the chain, the holders of a role and the people in a field', async () => {
    await cloud.as('admin').ok('user/grantRole', { userId: office.id('clerk'), role: 'finance' })
    const asks = async (candidate: object, form: object = {}) => {
      const content = inRow(
        approveNode('a', [], '', { candidates: [candidate as never], voting: { mode: 'sequence' } }),
      )
      const fields: ContentInput['fields'] = [
        ...content.fields,
        { name: 'who', title: 'Who', kind: 'users', required: false },
      ]
      await office.publish('find', { ...content, fields })
      const { at } = await office.detail(await office.start('find', { days: 1, ...form }))
      return at.flatMap(({ tasks }) => tasks.map(({ userId }) => userId))
    }
    const [lead, boss, clerk] = ['lead', 'boss', 'clerk'].map(office.id)
    expect(await asks({ by: 'manager', level: 1 })).toEqual([lead])
    expect(await asks({ by: 'manager', level: 2 })).toEqual([boss])
    expect(await asks({ by: 'manager-chain', upTo: 5 })).toEqual([lead, boss])
    expect(await asks({ by: 'role', role: 'finance' })).toEqual([clerk])
    expect(await asks({ by: 'field', field: 'who' }, { who: [clerk, boss] })).toEqual([clerk, boss])
    expect(await asks({ by: 'manager', level: 9 })).toEqual([office.id('admin')])
  })
})
