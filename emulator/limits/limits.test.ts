import { describe, expect, it } from 'vitest'
import { SDK, startTestCloud } from '../testing/project.ts'
import { createLimits, PLAN_LIMITS } from './index.ts'

const call = { service: 'functions', operation: 'functions.invokeFunction' } as const
const query = { service: 'database', operation: 'database.getDocument' } as const

describe('limits', () => {
  it('refuse what comes over the calls of a second, and forget it in the next', () => {
    let nowMs = 5_000
    const refusals: string[] = []
    const limits = createLimits(
      { qps: 3 },
      { nowMs: () => nowMs, onRefusal: (reason) => refusals.push(reason) },
    )
    for (let count = 0; count < 3; count++) limits.admit(call)
    expect(() => limits.admit(query)).toThrow('3 requests per second')
    nowMs = 5_999
    expect(() => limits.admit(call)).toThrow('exceed request limit')
    nowMs = 6_000
    expect(() => limits.admit(call)).not.toThrow()
    expect(refusals).toEqual(['exceed request limit: 3 requests per second'])
  })

  it('count database requests while they are under way, and no others', () => {
    const limits = createLimits({ qps: false, databaseConnections: 2 })
    const leave = limits.admit(query)
    limits.admit(query)
    expect(() => limits.admit(query)).toThrow('2 database connections')
    expect(() => limits.admit(call)).not.toThrow()
    leave()
    expect(() => limits.admit(query)).not.toThrow()
  })

  it('are those of the plan, and can be changed', () => {
    const limits = createLimits()
    expect(limits.current()).toEqual(PLAN_LIMITS)
    limits.set({ qps: false })
    expect(limits.current()).toEqual({ ...PLAN_LIMITS, qps: false })
    for (let count = 0; count < 1_000; count++) limits.admit(call)
  })
})

describe('limits of a running cloud', () => {
  const PROJECT = {
    'database-rules/c.json': {},
    many: `${SDK} exports.main = async ({ count }) => {
      const one = () => cloud.database().collection('c').count().then(() => 'ok', ({ errCode }) => errCode)
      return Promise.all(Array.from({ length: count }, one)) }`,
    size: 'exports.main = async ({ length }) => "x".repeat(length)',
  }

  it('reach the caller as the codes of the SDK', async () => {
    await using cloud = await startTestCloud(PROJECT, { limits: { databaseConnections: 1 } })
    cloud.faults.add({ service: 'database', operation: '*', effect: { kind: 'delay', ms: 50 } })
    const results = await cloud.call('many', { count: 8 }, 'buyer1')
    expect(results).toContain('ok')
    expect(results).toContain(-501004)
    await fetch(`${cloud.url}/control/limits`, {
      method: 'PUT',
      body: JSON.stringify({ databaseConnections: false, qps: 1 }),
    })
    const answers = await Promise.all([1, 2, 3, 4].map(() => cloud.post('size', { length: 1 })))
    expect(answers.map(({ body }) => body.errCode)).toContain(-501003)
  })

  it('of sizes hold for events, results and results for a mini program', async () => {
    await using cloud = await startTestCloud(PROJECT)
    const put = (limits: object) =>
      fetch(`${cloud.url}/control/limits`, { method: 'PUT', body: JSON.stringify(limits) })
    expect((await put({ clientResultBytes: 100 })).status).toBe(200)
    expect((await cloud.post('size', { length: 200 })).body).toMatchObject({ errCode: -604001 })
    await put({ resultBytes: 50 })
    expect((await cloud.post('size', { length: 60 })).body).toMatchObject({ errCode: -504002 })
    await put({ eventBytes: 100 })
    expect((await cloud.post('size', { length: 1, more: 'x'.repeat(100) })).body).toMatchObject({
      errCode: -504001,
    })
    expect((await put({ qps: 0 })).status).toBe(400)
    expect((await put({ other: 1 })).status).toBe(400)
    const { limits } = Object(await (await fetch(`${cloud.url}/control/limits`)).json())
    expect(limits).toMatchObject({ clientResultBytes: 100, resultBytes: 50, eventBytes: 100, qps: false })
  })
})
