import { describe, expect, it } from 'vitest'
import { AppError } from './app-error.ts'
import { catalogue } from './catalogue.ts'

describe('catalogue', () => {
  const entries = Object.entries(catalogue)

  it('gives every refusal a code of its own', () => {
    const codes = entries.map(([, { code }]) => code)
    expect(new Set(codes).size).toBe(codes.length)
  })

  it.each(entries)(
    '%s speaks both languages and has a code of four or five digits',
    (name, { code, zh, en }) => {
      expect(name).toMatch(/^[A-Z][A-Z_]+$/)
      expect(code).toBeGreaterThanOrEqual(1000)
      expect(code).toBeLessThan(100_000)
      expect(zh).toMatch(/[\u4e00-\u9fff]/)
      expect(en).toMatch(/^[A-Z]/)
    },
  )

  it('is what an error says, in the language of the caller', () => {
    const error = new AppError('SOLD_OUT')
    expect(error.code).toBe(5003)
    expect(error.messageIn('zh')).toBe('已售罄')
    expect(error.messageIn('en')).toBe('Sold out')
  })
})
