import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hotScoreOf } from './model.ts'

const HOUR_MS = 3_600_000
const score = (likeCount: number, publishedAtMs: number | null, createdAtMs = 0) =>
  hotScoreOf({ likeCount, favouriteCount: 0, commentCount: 0, publishedAtMs, createdAtMs })

describe('the hot score', () => {
  it('takes ten times the weight for twelve and a half hours', () => {
    expect(score(9, 0)).toBeCloseTo(score(0, 12.5 * HOUR_MS))
    expect(score(10, 0)).toBeGreaterThan(score(0, 12.5 * HOUR_MS))
    expect(score(8, 0)).toBeLessThan(score(0, 12.5 * HOUR_MS))
  })

  it('goes by the creation until the post shows', () => {
    expect(score(3, null, 7 * HOUR_MS)).toBe(score(3, 7 * HOUR_MS))
  })

  it('never falls with more weight, nor with a later time', () => {
    const count = fc.nat(100_000)
    const atMs = fc.integer({ min: 1.5e12, max: 2e12 })
    fc.assert(
      fc.property(count, fc.nat(1000), atMs, fc.nat(HOUR_MS), (likes, more, startMs, laterMs) => {
        expect(score(likes + more, startMs)).toBeGreaterThanOrEqual(score(likes, startMs))
        expect(score(likes, startMs + laterMs)).toBeGreaterThanOrEqual(score(likes, startMs))
      }),
    )
  })
})
