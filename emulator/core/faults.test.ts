import { describe, expect, it } from 'vitest'
import { createFaults, type FaultEffect, seededRandom } from './faults.ts'

const broken: FaultEffect = { kind: 'error', code: 'SYS_ERR' }

describe('faults', () => {
  it('strike the named operation, from the n-th on, so many times', () => {
    const faults = createFaults()
    faults.add({
      service: 'database',
      operation: 'database.insertDocument',
      effect: broken,
      from: 2,
      times: 2,
    })
    const strikes = Array.from(
      { length: 5 },
      () => faults.strike('database', 'database.insertDocument') !== undefined,
    )
    expect(strikes).toEqual([false, true, true, false, false])
    expect(faults.strike('database', 'database.getDocument')).toBeUndefined()
    expect(faults.list()).toMatchObject([{ seen: 5, struck: 2 }])
  })

  it('with stars strike anything', () => {
    const faults = createFaults()
    faults.add({ service: '*', operation: '*', effect: broken })
    expect(faults.strike('storage', 'storage.batchDeleteFile')).toEqual(broken)
  })

  it('are gone when removed', () => {
    const faults = createFaults()
    const { id } = faults.add({ service: '*', operation: '*', effect: broken })
    expect(faults.remove(id)).toBe(true)
    expect(faults.remove(id)).toBe(false)
    expect(faults.strike('database', 'x')).toBeUndefined()
  })

  it('by chance are the same again with the same seed, and about as many as asked for', () => {
    const run = () => {
      const faults = createFaults(seededRandom(7))
      faults.add({ service: '*', operation: '*', effect: broken, probability: 0.3 })
      return Array.from({ length: 1_000 }, () => faults.strike('database', 'x') !== undefined)
    }
    expect(run()).toEqual(run())
    const struck = run().filter(Boolean).length
    expect(struck).toBeGreaterThan(230)
    expect(struck).toBeLessThan(370)
  })
})
