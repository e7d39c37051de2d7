import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
  for (const name of ['admin', 'buyer1', 'buyer2']) await cloud.as(name).ok('user/login')
  for (const name of ['buyer1', 'buyer2']) {
    await cloud.as('admin').ok('user/ban', { userId: cloud.openid(name), reason: 'test' })
    await cloud.clock.advance(1_000)
  }
  await cloud.as('admin').ok('inventory/restock', { skuId: 'sku-1', quantity: 1 })
})

interface Found {
  items: { action: string; subject: string; atMs: number }[]
  nextCursor: string | null
}
const search = (input: object) => cloud.as('admin').ok<Found>('ops/searchAudit', input)

describe('ops/searchAudit', () => {
  it('finds by actor, subject, action and time, latest first', async () => {
    const subject = `user/${cloud.openid('buyer1')}`
    expect((await search({ subject })).items).toMatchObject([{ action: 'user.ban', subject }])
    const bans = (await search({ action: 'user.ban' })).items
    expect(bans.map((entry) => entry.subject)).toEqual([`user/${cloud.openid('buyer2')}`, subject])
    const toMs = bans[0]?.atMs
    expect((await search({ action: 'user.ban', toMs })).items).toHaveLength(1)
    expect((await search({ actor: cloud.openid('admin'), fromMs: toMs })).items).toHaveLength(2)
    expect((await search({ actor: 'somebody' })).items).toEqual([])
  })

  it('pages', async () => {
    const first = await search({ size: 2 })
    const second = await search({ size: 2, cursor: first.nextCursor })
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null])
    const during = { size: 1, fromMs: 1 }
    const begun = await search(during)
    expect((await search({ ...during, cursor: begun.nextCursor })).items).not.toEqual(begun.items)
  })
})

describe('ops/verifyAudit', () => {
  const verify = (input = {}) =>
    cloud.as('admin').ok<{ isWhole: boolean; items: object[] }>('ops/verifyAudit', input)

  it('finds the chains whole', async () => {
    expect(await verify()).toEqual({
      isWhole: true,
      items: [
        { chain: 'inventory', verified: 1, brokenAt: null },
        { chain: 'user', verified: 2, brokenAt: null },
      ],
    })
  })

  it.each([
    [
      'changed',
      async () => cloud.collection('audit_entries').set('user-0000000001', { subject: 'user/other' }),
    ],
    ['removed', async () => cloud.collection('audit_entries').remove('user-0000000001')],
  ])('finds the first entry that was %s', async (_what, tamper) => {
    await tamper()
    expect(await verify({ chain: 'user' })).toEqual({
      isWhole: false,
      items: [{ chain: 'user', verified: 0, brokenAt: 1 }],
    })
  })

  it('finds the last entry missing', async () => {
    await cloud.collection('audit_entries').remove('user-0000000002')
    expect(await verify()).toMatchObject({ isWhole: false, items: [{}, { brokenAt: 2 }] })
  })
})
