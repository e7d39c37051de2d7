import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { approveNode, inRow, type Office, openOffice } from './office.fixture.ts'

let cloud: UnitCloud
let office: Office
let running: string
let ended: string

beforeEach(async () => {
  cloud = await unitCloud({ functions: { privacy: () => import('./privacy.fixture.ts') } })
  office = await openOffice(cloud)
  const content = inRow(approveNode('a', [office.id('lead'), office.id('expert')], ''))
  await office.publish('trip', { ...content, fields: [{ name: 'why', title: 'Why', kind: 'text' }] })
  const start = (title: string) => office.start('trip', { why: 'a secret reason' }, { title })
  ended = await start('a secret title')
  await office.act('lead', 'approve', ended, { comment: 'what lead thinks' })
  await office.act('expert', 'approve', ended, { comment: 'fine' })
  running = await start('another title')
})

const all = async () => {
  const names = [
    'approval_instances',
    'approval_tasks',
    'approval_history',
    'approval_definitions',
    'approval_versions',
  ]
  return JSON.stringify(await Promise.all(names.map((name) => cloud.collection(name).all())))
}
const erase = (name: string) => cloud.as('admin').ok('privacy/erase', { userId: office.id(name) })
const isSound = (instanceId: string) => cloud.as('admin').ok('approval/verify', { instanceId })

describe('a person who is erased', () => {
  it('leaves decisions without a name and without words, and the record still holds', async () => {
    await erase('lead')
    const kept = await all()
    expect(kept).not.toContain(office.id('lead'))
    expect(kept).not.toContain('what lead thinks')
    expect(kept).toContain('a secret reason')
    expect(await office.asked(running)).toEqual(['boss', 'expert'])
    expect(await isSound(ended)).toMatchObject({ isSound: true })
    expect(await isSound(running)).toMatchObject({ isSound: true })
  })

  it('leaves what they began, ended and without what they wrote', async () => {
    await erase('worker')
    const kept = await all()
    for (const gone of [office.id('worker'), 'a secret', 'another title']) expect(kept).not.toContain(gone)
    expect([await office.status(ended), await office.status(running)]).toEqual(['approved', 'terminated'])
    expect(await isSound(ended)).toMatchObject({ isSound: true })
    expect(await cloud.as('lead').ok('approval/done')).toMatchObject({
      items: [{ instanceId: ended, title: '流程' }],
    })
    await erase('worker')
  })

  it('can be told what is kept about them', async () => {
    const told = await cloud.as('admin').ok('privacy/export', { userId: office.id('worker') })
    expect(told).toMatchObject({
      approval_instances: [{ title: expect.any(String) }, {}],
      approval_tasks: [],
    })
  })
})
