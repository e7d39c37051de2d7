import { describe, expect, it } from 'vitest'
import { takeFromLimit } from './rate-limit.ts'

const limit = { limit: 2, perMs: 1_000 }

describe('takeFromLimit', () => {
  it('lets calls through up to the limit, then says how long to wait', () => {
    expect(takeFromLimit('a', limit, 0)).toBe(0)
    expect(takeFromLimit('a', limit, 400)).toBe(0)
    expect(takeFromLimit('a', limit, 500)).toBe(500)
  })

  it('slides: a call leaves the window when its own time is up', () => {
    takeFromLimit('b', limit, 0)
    takeFromLimit('b', limit, 400)
    expect(takeFromLimit('b', limit, 1_000)).toBe(0)
    expect(takeFromLimit('b', limit, 1_001)).toBe(399)
  })

  it('does not count refused calls, and keeps callers apart', () => {
    takeFromLimit('c', limit, 0)
    takeFromLimit('c', limit, 0)
    for (let i = 0; i < 10; i++) takeFromLimit('c', limit, 500)
    expect(takeFromLimit('c', limit, 1_000)).toBe(0)
    expect(takeFromLimit('d', limit, 500)).toBe(0)
  })
})
