import { describe, expect, it } from 'vitest'
import { judge, MAX_ATTEMPTS } from './model.ts'

const answer = (errCode: number) => Object.assign(new Error(`errCode ${errCode}`), { errCode })

describe('judge', () => {
  it.each([
    [43101, 'refused', 'none'],
    [47003, 'failed', 'back'],
    [40037, 'failed', 'back'],
    [41030, 'failed', 'back'],
    [-604101, 'failed', 'back'],
    [45009, 'pending', 'held'],
    [-604102, 'pending', 'held'],
  ])('takes %i for %s and the quota for %s', (errCode, status, quota) => {
    expect(judge(answer(errCode), 1, 0)).toMatchObject({ status, quota })
  })

  it('waits longer each time, and gives up in the end', () => {
    const waits = Array.from(
      { length: MAX_ATTEMPTS - 1 },
      (_, at) => judge(answer(-1), at + 1, 1000).nextAttemptAtMs,
    )
    expect(waits).toEqual([61_000, 301_000, 1_801_000, 7_201_000])
    expect(judge(new Error('nobody'), MAX_ATTEMPTS, 0)).toMatchObject({ status: 'dead', quota: 'back' })
  })
})
