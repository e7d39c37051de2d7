import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'
import { chinaDay, DAY_MS, monthOf, startOfDay } from './china-day.ts'
import { nothing, percentile, plus } from './summary.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
})
const admin = () => cloud.as('admin')

/** As an instance would have stored it. */
async function measured(name: string, hourMs: number, routes: Record<string, object>): Promise<void> {
  const id = `${name}-${new Date(hourMs).toISOString().slice(0, 13)}`
  const expiresAtMs = hourMs + 8 * DAY_MS
  await cloud
    .collection('metric_hours')
    .insert({ _id: id, function: name, hourMs, routes, batches: {}, expiresAtMs })
}
const tally = (calls: number, failed = 0) => ({
  calls,
  refused: 0,
  failed,
  durationMs: calls * 100,
  databaseCalls: calls * 3,
  latency: { le100: calls },
})

describe('ops/metrics', () => {
  it('shows what routes did, of real calls', async () => {
    await cloud.as('buyer1').ok('user/login')
    await cloud.as('buyer1').refused('user/updateProfile', { gender: 'x' })
    await cloud.clock.advance(MINUTE_MS)
    await cloud.as('buyer1').ok('user/profile')
    const nowMs = cloud.clock.nowMs()
    const span = { fromMs: nowMs - MINUTE_MS, toMs: nowMs + 1 }
    const { items } = await admin().ok<{ items: object[] }>('ops/metrics', span)
    expect(items).toHaveLength(3)
    expect(items).toContainEqual(
      expect.objectContaining({ function: 'user', route: 'updateProfile', calls: 1, refusedPercent: 100 }),
    )
    expect(items).toContainEqual(
      expect.objectContaining({ function: 'user', route: 'login', calls: 1, p50Ms: 10, failedPercent: 0 }),
    )
  })

  it('adds hours up by route, or shows them one by one', async () => {
    const nowMs = cloud.clock.nowMs()
    await measured('order', nowMs - HOUR_MS, { create: tally(100, 5), list: tally(10) })
    await measured('order', nowMs, { create: tally(50) })
    await measured('user', nowMs, { login: tally(1) })
    const span = { fromMs: nowMs - HOUR_MS, toMs: nowMs + MINUTE_MS, function: 'order' }
    await cloud.clock.advance(MINUTE_MS)
    expect(await admin().ok('ops/metrics', span)).toMatchObject({
      items: [
        {
          route: 'create',
          calls: 150,
          failedPercent: 3.33,
          meanMs: 100,
          p95Ms: 100,
          databaseCallsPerCall: 3,
        },
        { route: 'list', calls: 10 },
      ],
    })
    expect(await admin().ok('ops/metrics', { ...span, by: 'hour' })).toMatchObject({
      items: [
        { hourMs: nowMs - HOUR_MS, calls: 110, perMinute: 1.83 },
        { hourMs: nowMs, calls: 50 },
      ],
    })
  })

  it('refuses spans that are empty or longer than what is kept', async () => {
    expect(await admin().refused('ops/metrics', { fromMs: 5, toMs: 5 })).toBe('INVALID_INPUT')
    expect(await admin().refused('ops/metrics', { fromMs: 0, toMs: 9 * DAY_MS })).toBe('INVALID_INPUT')
  })
})

describe('ops/costReport', () => {
  it('adds condensed days and the hours of today, against the plan and its prices', async () => {
    const nowMs = cloud.clock.nowMs()
    const yesterday = startOfDay(nowMs) - DAY_MS
    await measured('order', yesterday, { create: tally(1_000) })
    await cloud.clock.set(startOfDay(nowMs) + 10 * MINUTE_MS)
    await admin().ok('scheduler/run', { job: 'metrics' })
    await admin().ok('scheduler/run', { job: 'metrics' })
    await cloud.clock.set(nowMs)
    await measured('order', Math.floor(nowMs / HOUR_MS) * HOUR_MS, { create: tally(500), list: tally(1) })
    const value = {
      callsPerMonth: 12_000,
      gbsPerMonth: 100,
      memoryMb: 512,
      fenPer10000Calls: 100,
      fenPer1000Gbs: 200,
    }
    await admin().ok('ops/setSetting', { name: 'plan', value, version: 0 })
    expect(await admin().ok('ops/costReport', { month: '2026-01' })).toMatchObject({
      calls: { used: 6_004, included: 12_000, percent: 50.03 },
      gbs: { used: 75.05, included: 100 },
      total: { invocations: 1_501, databaseCalls: 4_503, fen: 75.05 },
      routes: [
        { route: 'order/create', calls: 6_000, fen: 75 },
        { route: 'order/list', calls: 4 },
      ],
    })
  })

  it('names no price as long as nobody has set one, and knows other months', async () => {
    expect(await admin().ok('ops/costReport', { month: '2025-12' })).toMatchObject({
      month: '2025-12',
      total: { invocations: 0, fen: null },
    })
    expect(await admin().refused('ops/costReport', { month: '2026-13' })).toBe('INVALID_INPUT')
  })

  it('is for finance, who sees nothing else here', async () => {
    await admin().ok('user/login')
    await cloud.as('manager1').ok('user/login')
    await admin().ok('user/grantRole', { userId: cloud.openid('manager1'), role: 'finance' })
    expect(await cloud.as('manager1').ok('ops/costReport')).toMatchObject({ month: '2026-01' })
    expect(await cloud.as('manager1').refused('ops/trouble')).toBe('FORBIDDEN')
  })
})

describe('measurements', () => {
  it('are removed after their time', async () => {
    await measured('order', cloud.clock.nowMs(), { create: tally(1) })
    await cloud.clock.advance(8 * DAY_MS)
    await admin().ok('scheduler/run', { job: 'cleaning' })
    const left = (await cloud.collection('metric_hours').all()).map((row) => row.function)
    expect(left).not.toContain('order')
  })

  it('have percentiles by class, and none beyond the last', () => {
    const some = { ...nothing, calls: 100, latency: { le10: 50, le100: 45, more: 5 } }
    expect([0.5, 0.51, 0.95, 0.99].map((share) => percentile(some, share))).toEqual([10, 100, 100, null])
    expect(percentile(nothing, 0.5)).toBeNull()
    expect(plus(some, some).latency).toEqual({ le10: 100, le100: 90, more: 10 })
  })
})

describe('a day of China', () => {
  it('begins at four in the afternoon of UTC', () => {
    const noon = Date.UTC(2026, 0, 5, 4)
    expect(startOfDay(noon)).toBe(Date.UTC(2026, 0, 4, 16))
    expect(chinaDay(Date.UTC(2026, 0, 4, 16))).toBe('2026-01-05')
    expect(monthOf('2026-12')).toEqual({
      fromMs: Date.UTC(2026, 10, 30, 16),
      toMs: Date.UTC(2026, 11, 31, 16),
    })
  })
})
