import { describe, expect, it } from 'vitest'
import { withNow } from './now.ts'

const NOW = new Date(5)

describe('$$NOW', () => {
  it('is the time that the variables say, at any depth', () => {
    expect(withNow({ $gt: ['$at', { $add: ['$$NOW', 1] }] }, { NOW })).toEqual({
      $gt: ['$at', { $add: [NOW, 1] }],
    })
  })

  it('is a text within a literal, and mingo’s own without a clock', () => {
    expect(withNow({ $literal: '$$NOW' }, { NOW })).toEqual({ $literal: '$$NOW' })
    expect(withNow('$$NOW')).toBe('$$NOW')
  })
})
