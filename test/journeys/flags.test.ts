import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LiveCloud, liveCloud } from '../support/live.ts'

const MINUTE_MS = 60_000

let cloud: LiveCloud
beforeAll(async () => {
  cloud = await liveCloud()
})
afterAll(() => cloud.stop())

const featuresOf = async (user: string) =>
  (await cloud.as(user).ok<{ features: Record<string, boolean> }>('ops/features')).features

it('a flag that one instance sets reaches the instances that run already within a minute', async () => {
  // Calls at the same time make instances: an instance handles one event at a time.
  const everybody = () => Promise.all(Array.from({ length: 6 }, (_, i) => featuresOf(`buyer${i}`)))
  expect(new Set((await everybody()).map(({ community }) => community))).toEqual(new Set([false]))
  const admin = cloud.as('admin')
  const flag = { name: 'community', percent: 100, userIds: [], version: 0 }
  expect(await admin.ok('ops/setFlag', flag)).toEqual({ version: 1 })
  await cloud.emulator.clock.advance(MINUTE_MS)
  expect(new Set((await everybody()).map(({ community }) => community))).toEqual(new Set([true]))
})

it('measurements of real instances arrive', async () => {
  await cloud.emulator.clock.advance(MINUTE_MS)
  await featuresOf('buyer1')
  const nowMs = cloud.emulator.clock.nowMs()
  const span = { fromMs: nowMs - 10 * MINUTE_MS, toMs: nowMs + 1 }
  const { items } = await cloud
    .as('admin')
    .ok<{ items: { route: string; calls: number }[] }>('ops/metrics', span)
  expect(items.find(({ route }) => route === 'features')?.calls).toBeGreaterThanOrEqual(6)
  expect(await cloud.as('admin').ok('ops/health')).toMatchObject({
    dependencies: { database: { state: 'up' }, storage: { state: 'up' } },
  })
})
