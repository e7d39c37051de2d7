import { describe, expect, it } from 'vitest'
import { createClock, nowFromShared } from './clock.ts'

const START_MS = Date.UTC(2026, 0, 1)

describe('a clock by hand', () => {
  it('stands still until it is moved, and shows the same time to a worker thread', async () => {
    const clock = createClock('manual', START_MS)
    expect(clock.nowMs()).toBe(START_MS)
    await clock.advance(1_500)
    expect(clock.nowMs()).toBe(START_MS + 1_500)
    expect(nowFromShared(clock.shared, 0)).toBe(START_MS + 1_500)
    await clock.set(START_MS)
    expect(clock.nowMs()).toBe(START_MS)
  })

  it('stops at every alarm on the way, in order of time, then of asking; each sees its own time', async () => {
    const clock = createClock('manual', START_MS)
    const rang: [string, number][] = []
    const ring = (name: string) => () => void rang.push([name, clock.nowMs() - START_MS])
    clock.at(START_MS + 300, ring('late'))
    clock.at(START_MS + 100, ring('first'))
    clock.at(START_MS + 100, ring('second'))
    clock.at(START_MS + 900, ring('beyond'))
    await clock.advance(500)
    expect(rang).toEqual([
      ['first', 100],
      ['second', 100],
      ['late', 300],
    ])
  })

  it('runs what an alarm asks for on the way, and waits for each', async () => {
    const clock = createClock('manual', START_MS)
    const rang: number[] = []
    const everyHundred = async () => {
      await Promise.resolve()
      rang.push(clock.nowMs() - START_MS)
      clock.at(clock.nowMs() + 100, everyHundred)
    }
    clock.at(START_MS + 100, everyHundred)
    await clock.advance(350)
    expect(rang).toEqual([100, 200, 300])
  })

  it('leaps: what repeats runs once, late', async () => {
    const clock = createClock('manual', START_MS)
    const rang: number[] = []
    const everyHundred = () => {
      rang.push(clock.nowMs() - START_MS)
      clock.at(clock.nowMs() + 100, everyHundred)
    }
    clock.at(START_MS + 100, everyHundred)
    await clock.leap(350)
    expect(rang).toEqual([350])
  })

  it('forgets a cancelled alarm', async () => {
    const clock = createClock('manual', START_MS)
    let rang = false
    const cancel = clock.at(START_MS + 1, () => {
      rang = true
    })
    cancel()
    await clock.advance(10)
    expect(rang).toBe(false)
  })
})

describe('a real clock', () => {
  it('runs with the machine, and can be shifted', async () => {
    const clock = createClock('real')
    expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(1_000)
    await clock.advance(3_600_000)
    expect(Math.abs(clock.nowMs() - Date.now() - 3_600_000)).toBeLessThan(1_000)
    clock.stop()
  })

  it('rings by itself', async () => {
    const clock = createClock('real')
    await new Promise<void>((resolve) => void clock.at(clock.nowMs() + 5, resolve))
    clock.stop()
  })
})
