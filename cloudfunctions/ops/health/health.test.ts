import { beforeEach, describe, expect, it } from 'vitest'
import { type UnitCloud, unitCloud } from '../../../test/support/unit.ts'

let cloud: UnitCloud
beforeEach(async () => {
  cloud = await unitCloud()
})
interface Health {
  state: string
  dependencies: Record<string, { state: string }>
}
const health = () => cloud.as('admin').ok<Health>('ops/health')

describe('ops/health', () => {
  it('is up when everything answers', async () => {
    expect(await health()).toMatchObject({
      state: 'up',
      dependencies: { database: { state: 'up' }, storage: { state: 'up' }, wechat: { state: 'up' } },
      failing: [],
    })
  })

  it.each([
    ['storage', 'storage.getUploadMetadata'],
    ['wechat', 'cloudPay.queryOrder'],
  ])('says that %s is down', async (dependency, action) => {
    cloud.fail(action, { code: 'SYS_ERR', times: 10 })
    const { state, dependencies } = await health()
    expect([state, dependencies[dependency]?.state]).toEqual(['down', 'down'])
  })

  it('names functions that fail more than the setting allows', async () => {
    const hourMs = Math.floor(cloud.clock.nowMs() / 3_600_000) * 3_600_000
    const row = { hourMs, batches: {}, expiresAtMs: hourMs }
    await cloud
      .collection('metric_hours')
      .insert(
        { ...row, _id: 'a', function: 'order', routes: { create: { calls: 100, failed: 10 } } },
        { ...row, _id: 'b', function: 'user', routes: { login: { calls: 100, failed: 1 } } },
      )
    expect(await health()).toMatchObject({
      state: 'failing',
      failing: [{ function: 'order', calls: 100, failed: 10 }],
    })
  })
})
