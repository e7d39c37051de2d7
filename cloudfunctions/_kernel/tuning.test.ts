import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type UnitCloud, unitCloud } from '../../test/support/unit.ts'
import type { Context } from './index.ts'

let cloud: UnitCloud
let kernel: typeof import('./probe.fixture.ts')
beforeEach(async () => {
  cloud = await unitCloud({ functions: { probe: () => import('./probe.fixture.ts') } })
  kernel = await import('./probe.fixture.ts')
})

async function within<R>(work: (ctx: Context) => Promise<R>, as?: string): Promise<R> {
  let result: { value: R } | undefined
  kernel.probe.run = async (ctx) => {
    result = { value: await work(ctx) }
  }
  if (as === undefined) await cloud.asPlatform('probe', {})
  else await cloud.as(as).send('probe', {})
  if (!result) throw new Error('the probe did not run')
  return result.value
}

const store = (settings: object, flags: object = {}) =>
  cloud.collection('runtime_settings').insert({ _id: 'all', settings, flags, version: 1, updatedAtMs: 1 })

describe('a setting', () => {
  it('is its default until an operator sets it, and then within a minute what they set', async () => {
    const limit = kernel.defineSetting('limit', 'How many', z.int().min(1), 5)
    const read = () => within((ctx) => ctx.setting(limit))
    expect(await read()).toBe(5)
    await store({ limit: 7 })
    expect(await read()).toBe(5)
    await cloud.clock.advance(60_000)
    expect(await read()).toBe(7)
  })

  it('falls back to its default when what is stored is not valid any more', async () => {
    await store({ limit: 'many' })
    const limit = kernel.defineSetting('limit', 'How many', z.int(), 5)
    expect(await within((ctx) => ctx.setting(limit))).toBe(5)
  })

  it('and all others and all flags are one request per instance and minute', async () => {
    const a = kernel.defineSetting('a', 'A', z.int(), 1)
    await within(async (ctx) => {
      for (let i = 0; i < 10; i++) await Promise.all([ctx.setting(a), ctx.flag(kernel.defineFlag('f', 'F'))])
      expect(ctx.databaseCalls()).toBe(1)
    })
  })
})

describe('a flag', () => {
  const shareWith = async (name: string, users: number) => {
    const flag = kernel.defineFlag(name, 'Half')
    const on: number[] = []
    for (let i = 0; i < users; i++) {
      if (await within((ctx) => ctx.flag(flag), `user${i}`)) on.push(i)
    }
    return on
  }

  it('is off when nobody has set it, and for whoever is nobody', async () => {
    const flag = kernel.defineFlag('half', 'Half')
    expect(await within((ctx) => ctx.flag(flag), 'buyer1')).toBe(false)
    await store({}, { half: { percent: 50, userIds: [] } })
    cloud.restartFunctions()
    expect(await within((ctx) => ctx.flag(flag))).toBe(false)
  })

  it('is on for its share of users, the same ones every time, and others for another flag', async () => {
    await store({}, { half: { percent: 50, userIds: [] }, other: { percent: 50, userIds: [] } })
    const on = await shareWith('half', 100)
    expect(on.length).toBeGreaterThan(30)
    expect(on.length).toBeLessThan(70)
    expect(await shareWith('half', 100)).toEqual(on)
    expect(await shareWith('other', 100)).not.toEqual(on)
  })

  it('keeps everybody it had when its share grows, up to all', async () => {
    await store({}, { half: { percent: 20, userIds: [] } })
    const before = await shareWith('half', 50)
    await cloud.collection('runtime_settings').set('all', { flags: { half: { percent: 60, userIds: [] } } })
    cloud.restartFunctions()
    expect(await shareWith('half', 50)).toEqual(expect.arrayContaining(before))
    await cloud.collection('runtime_settings').set('all', { flags: { half: { percent: 100, userIds: [] } } })
    cloud.restartFunctions()
    expect(await shareWith('half', 50)).toHaveLength(50)
  })

  it('is on for users that are named', async () => {
    await store({}, { half: { percent: 0, userIds: [cloud.openid('user3')] } })
    expect(await shareWith('half', 10)).toEqual([3])
  })
})
