import { describe, expect, it } from 'vitest'
import { assertStageMemory } from './memory.ts'

const large = { text: 'x'.repeat(1_000_000) }

describe('the memory of a stage', () => {
  it('ends where documents are too large together', () => {
    const documents = Array.from({ length: 120 }, () => large)
    expect(() => assertStageMemory('$sort', documents)).toThrow(
      expect.objectContaining({
        code: 'DATABASE_REQUEST_FAILED',
        message: expect.stringContaining('Sort exceeded memory limit'),
      }),
    )
    expect(() => assertStageMemory('$group', documents)).toThrow('Exceeded memory limit for $group')
  })

  it('is enough for fewer, and for stages that hold one document at a time', () => {
    expect(() =>
      assertStageMemory(
        '$sort',
        Array.from({ length: 80 }, () => large),
      ),
    ).not.toThrow()
    expect(() =>
      assertStageMemory(
        '$project',
        Array.from({ length: 120 }, () => large),
      ),
    ).not.toThrow()
  })
})
