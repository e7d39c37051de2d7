import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Instance, Job, Outcome } from './instance.ts'
import { createPool, type Pool, type PoolLimits } from './pool.ts'

/** An instance whose events end when the test says so. */
interface FakeInstance extends Instance {
  finish(json: string): void
  die(): void
  wasKilled: boolean
}

const LIMITS: PoolLimits = {
  eagerInstances: 2,
  maxInstances: 3,
  maxQueueWaitMs: 1_000,
  patienceMs: 50,
  idleMs: 5_000,
}
const job = {} as Job // nothing looks into it here
const hooks = { onStart() {}, onEnd() {} }

function start(limits: Partial<PoolLimits> = {}): { pool: Pool; instances: FakeInstance[] } {
  const instances: FakeInstance[] = []
  const pool = createPool(
    (onDeath) => {
      let settle: (outcome: Outcome) => void = () => {}
      let isAlive = true
      const instance: FakeInstance = {
        wasKilled: false,
        run: () =>
          new Promise((resolve) => {
            settle = resolve
          }),
        drained: async () => {},
        isAlive: () => isAlive,
        async kill() {
          instance.wasKilled = true
          instance.die()
        },
        finish: (json) => settle({ kind: 'returned', json, durationMs: 1 }),
        die() {
          isAlive = false
          settle({ kind: 'crashed', message: 'gone', durationMs: 1 })
          onDeath()
        },
      }
      instances.push(instance)
      return instance
    },
    { ...LIMITS, ...limits },
  )
  return { pool, instances }
}

/** Lets promises that can settle do so. */
async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0)
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the instances of a function', () => {
  it('are used again, the warmest first', async () => {
    const { pool, instances } = start()
    const both = [pool.run(job, hooks), pool.run(job, hooks)]
    instances[0]?.finish('0')
    await settled()
    instances[1]?.finish('1')
    await Promise.all(both)
    await settled()
    const third = pool.run(job, hooks)
    instances[1]?.finish('warm')
    expect(await third).toMatchObject({ json: 'warm' })
    expect(instances).toHaveLength(2)
  })

  it('never run two events at once: the third call waits for the first that ends', async () => {
    const { pool, instances } = start({ maxInstances: 2 })
    const calls = [1, 2, 3].map(() => pool.run(job, hooks))
    instances[1]?.finish('second')
    expect(await calls[1]).toMatchObject({ json: 'second' })
    await settled()
    instances[1]?.finish('third')
    expect(await calls[2]).toMatchObject({ json: 'third' })
    expect(instances).toHaveLength(2)
  })

  it('give up a call that waited too long, and only that one', async () => {
    const { pool, instances } = start({ maxInstances: 2 })
    const calls = [1, 2, 3].map(() => pool.run(job, hooks))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await calls[2]).toBeUndefined()
    instances[0]?.finish('late but well')
    expect(await calls[0]).toMatchObject({ json: 'late but well' })
  })

  it('are replaced when one dies while calls wait', async () => {
    const { pool, instances } = start({ eagerInstances: 1, maxInstances: 1 })
    const calls = [pool.run(job, hooks), pool.run(job, hooks)]
    instances[0]?.die()
    expect(await calls[0]).toMatchObject({ kind: 'crashed' })
    await vi.advanceTimersByTimeAsync(50)
    instances[1]?.finish('fresh')
    expect(await calls[1]).toMatchObject({ json: 'fresh' })
  })

  it('are stopped when they had no work for a while', async () => {
    const { pool, instances } = start()
    const call = pool.run(job, hooks)
    instances[0]?.finish('done')
    await call
    await settled()
    pool.reap()
    expect(instances[0]?.wasKilled).toBe(false)
    await vi.advanceTimersByTimeAsync(5_001)
    pool.reap()
    expect(instances[0]?.wasKilled).toBe(true)
    expect(pool.size()).toBe(0)
  })

  it('end their event before a newer version replaces them', async () => {
    const { pool, instances } = start()
    const call = pool.run(job, hooks)
    pool.retire()
    expect(instances[0]?.wasKilled).toBe(false)
    instances[0]?.finish('old code')
    expect(await call).toMatchObject({ json: 'old code' })
    await settled()
    expect(instances[0]?.wasKilled).toBe(true)
  })

  it('leave no call hanging when the cloud stops', async () => {
    const { pool } = start({ eagerInstances: 1, maxInstances: 1 })
    const calls = [pool.run(job, hooks), pool.run(job, hooks)]
    await pool.stop()
    expect(await Promise.all(calls)).toMatchObject([{ kind: 'crashed' }, undefined])
  })
})
