/** What each call costs in database requests, as the README says. */
import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import { approveNode, inRow, openOffice } from './office.fixture.ts'

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
})

describe('database requests', () => {
  it('of routes are these, with what tells people', async () => {
    const office = await openOffice(cloud)
    const content = inRow(
      approveNode('a', [office.id('lead'), office.id('boss')], ''),
      approveNode('b', [office.id('boss')], ''),
    )
    await office.publish('flow', content)
    const warm = await office.start('flow', { days: 1 })
    const costs: Record<string, number> = {}
    const cost = async (name: string, route: string, data: object) => {
      await cloud.as(name).ok('approval/counts') // bans and permissions are known
      await cloud.as(name).ok(`approval/${route}`, data)
      costs[route] = cloud.databaseCalls()
    }
    const worker = 'worker'
    await cost(worker, 'startable', {})
    await cost(worker, 'form', { key: 'flow' })
    await cost(worker, 'start', { key: 'flow', form: { days: 1 } })
    const task = async (name: string) => ({ instanceId: warm, taskId: await office.taskOf(warm, name) })
    await cost('lead', 'approve', await task('lead'))
    for (const list of ['todo', 'done', 'mine', 'copies', 'counts']) await cost(worker, list, {})
    for (const page of ['detail', 'history']) await cost(worker, page, { instanceId: warm })
    await cost(worker, 'urge', { instanceId: warm })
    await cost(worker, 'comment', { instanceId: warm, comment: 'hm' })
    await cost('boss', 'addSigners', {
      ...(await task('boss')),
      place: 'after',
      userIds: [office.id('clerk')],
    })
    await cost('boss', 'sendBack', { ...(await task('boss')), toNode: 'start' })
    await cost(worker, 'withdraw', { instanceId: warm })
    expect(costs).toEqual({
      ...{ startable: 1, form: 1, detail: 1, history: 2 },
      ...{ todo: 1, done: 1, mine: 1, copies: 1, counts: 2 },
      ...{ start: 17, approve: 11, sendBack: 16, addSigners: 12, urge: 13, comment: 10, withdraw: 14 },
    })
  })
})
