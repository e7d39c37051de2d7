import { describe, expect, it } from 'vitest'
import { createCostMeter, OTHER_ROUTES } from './cost.ts'
import { usageOf } from './usage.ts'

const query = { service: 'database', operation: 'database.getDocument' } as const

describe('what a reply used', () => {
  it.each([
    [{ data: { list: ['{}', '{}', '{}'] } }, 3, 0],
    [{ data: { list: [] } }, 1, 0],
    [{ data: { list: '[{"a":1}]' } }, 1, 0],
    [{ data: [{}, {}] }, 2, 0],
    [{ data: { total: 900 } }, 1, 0],
    [{ data: { insertedIds: ['a', 'b'] } }, 0, 2],
    [{ data: { _id: 'a' } }, 0, 1],
    [{ data: { updated: 5 } }, 0, 5],
    [{ data: { updated: 0 } }, 0, 1],
    [{ data: { deleted: 2 } }, 0, 2],
    [{ data: { updated: 1, doc: '{}' } }, 1, 1],
    [{ data: {} }, 0, 0],
    [{ transactionId: 't' }, 0, 0],
    [undefined, 0, 0],
  ])('%j: %i read, %i written', (reply, recordsRead, recordsWritten) => {
    expect(usageOf('database', reply)).toEqual({ recordsRead, recordsWritten, storageOperations: 0 })
  })

  it('of storage is one operation, of functions and open APIs none', () => {
    expect(usageOf('storage', { data: {} })).toMatchObject({ storageOperations: 1 })
    for (const service of ['functions', 'wechat'] as const)
      expect(usageOf(service, { data: { list: [1, 2] } })).toMatchObject({
        recordsRead: 0,
        storageOperations: 0,
      })
  })
})

describe('the cost meter', () => {
  it('counts a call for the function and the route of the invocation that made it', () => {
    const cost = createCostMeter((id) => (id === 'i1' ? 'shop/buy' : undefined))
    for (const invocationId of ['i1', 'i2']) {
      const call = { ...query, functionName: 'shop', invocationId }
      cost.record(call)
      cost.use(call, { recordsRead: 10, recordsWritten: 1, storageOperations: 0 })
    }
    cost.record(query)
    expect(cost.totals()).toMatchObject({
      total: 3,
      byFunction: { shop: { database: 2, recordsRead: 20 } },
      byRoute: { 'shop/buy': { database: 1, recordsRead: 10, recordsWritten: 1 } },
    })
  })

  it('bills memory times seconds', () => {
    const cost = createCostMeter()
    cost.run({ functionName: 'f', memoryMb: 256, billedMs: 1_800 })
    expect(cost.totals().gbs).toBeCloseTo(0.45)
    expect(cost.totals().plan.gbs).toEqual({ used: cost.totals().gbs, included: 100_000, percent: 0 })
  })

  it('does not grow without end when callers invent routes', () => {
    const cost = createCostMeter()
    for (let number = 0; number < 1_000; number++)
      cost.run({ functionName: 'f', route: `f/${number}`, memoryMb: 128, billedMs: 1 })
    const { byRoute } = cost.totals()
    expect(Object.keys(byRoute)).toHaveLength(501)
    expect(byRoute[OTHER_ROUTES]?.runs).toBe(500)
  })
})
