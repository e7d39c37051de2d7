import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud({
    functions: { demo: () => import('../pipeline.fixture.ts'), probe: () => import('../probe.fixture.ts') },
    collections: ['accounts', 'receipts'],
  })
})

async function close(forMs: number): Promise<void> {
  const { maintenance, probe } = await import('../probe.fixture.ts')
  probe.run = (ctx) => maintenance.begin(ctx, ctx.clock.nowMs() + forMs)
  await cloud.asPlatform('probe', {})
}

describe('while it is closed for maintenance', () => {
  it('users, operators and the platform are refused, and let in again by themselves', async () => {
    expect(await cloud.as('buyer1').ok('demo/whoami')).toBeTruthy()
    await close(60_000)
    expect(await cloud.as('buyer1').call('demo/whoami')).toMatchObject({
      error: 'CLOSED_FOR_MAINTENANCE',
      details: { untilMs: cloud.clock.nowMs() + 60_000 },
    })
    expect(await cloud.as('admin').refused('demo/operate')).toBe('CLOSED_FOR_MAINTENANCE')
    await expect(cloud.asPlatform('demo', { returnCode: 'SUCCESS' })).rejects.toMatchObject({
      error: 'CLOSED_FOR_MAINTENANCE',
    })
    await cloud.clock.advance(60_000)
    expect(await cloud.as('buyer1').ok('demo/whoami')).toBeTruthy()
    expect(await cloud.asPlatform('demo', { returnCode: 'SUCCESS' })).toEqual({ errcode: 0 })
  })

  it('what anybody may read stays open', async () => {
    await close(60_000)
    expect(await cloud.as('buyer1').ok('demo/echo', { text: 'hi' })).toBeTruthy()
  })

  it('a ban that is made meanwhile stays, and opens nothing', async () => {
    await cloud.as('admin').ok('user/login')
    await cloud.as('buyer1').ok('user/login')
    await close(60_000)
    const { banList, probe } = await import('../probe.fixture.ts')
    probe.run = (ctx) => banList.add(ctx, cloud.openid('buyer2'), null)
    await cloud.asPlatform('probe', {})
    expect(await cloud.as('buyer1').refused('demo/whoami')).toBe('CLOSED_FOR_MAINTENANCE')
    await cloud.clock.advance(60_000)
    expect(await cloud.as('buyer2').refused('demo/whoami')).toBe('USER_BANNED')
    expect(await cloud.as('buyer1').ok('demo/whoami')).toBeTruthy()
  })
})
