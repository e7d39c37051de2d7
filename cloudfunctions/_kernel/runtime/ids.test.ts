import { describe, expect, it } from 'vitest'
import { createIds, derivedId } from './ids.ts'

describe('ids', () => {
  it('fit into an outTradeNo of WeChat Pay', () => {
    const ids = createIds(() => Date.UTC(2090, 0, 1))
    expect(ids.next('order')).toMatch(/^[0-9A-Za-z_-]{1,32}$/)
    expect(derivedId('order', 'a', 'b')).toMatch(/^[0-9A-Za-z_-]{1,32}$/)
  })

  it('made later sort later', () => {
    let nowMs = Date.UTC(2026, 0, 1)
    const ids = createIds(() => nowMs)
    const first = ids.next('ord')
    nowMs += 1
    expect(first < ids.next('ord')).toBe(true)
  })

  it('derived from the same parts are the same, and parts cannot run into each other', () => {
    expect(derivedId('ord', 'user', 'request')).toBe(derivedId('ord', 'user', 'request'))
    expect(derivedId('ord', 'ab', 'c')).not.toBe(derivedId('ord', 'a', 'bc'))
  })
})
