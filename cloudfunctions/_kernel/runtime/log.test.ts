import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { createLog } from './log.ts'

describe('log', () => {
  const written = vi.spyOn(console, 'log').mockImplementation(() => {})
  const lines = () => written.mock.calls.map(([line]) => JSON.parse(String(line)))
  afterEach(() => written.mockClear())
  afterAll(() => written.mockRestore())

  it('writes one JSON line with level, time, bindings, fields and message', () => {
    createLog('info', () => 42, { traceId: 't' }).warn({ skuId: 's' }, 'low')
    expect(lines()).toEqual([{ level: 'warn', atMs: 42, traceId: 't', skuId: 's', message: 'low' }])
  })

  it('leaves out what is below its level', () => {
    const log = createLog('error', () => 0, {})
    log.info({}, 'quiet')
    log.error({}, 'loud')
    expect(lines()).toMatchObject([{ message: 'loud' }])
    createLog('silent', () => 0, {}).error({}, 'nothing')
    expect(lines()).toHaveLength(1)
  })

  it('shows an error with its cause', () => {
    const cause = new Error('socket closed')
    createLog('info', () => 0, {}).error({ cause: new TypeError('no answer', { cause }) }, 'failed')
    expect(lines()[0].cause).toMatchObject({
      name: 'TypeError',
      message: 'no answer',
      cause: { message: 'socket closed' },
    })
  })

  it('survives what JSON cannot say, and does not mistake a repeated value for a circle', () => {
    const circle: Record<string, unknown> = { big: 1n }
    circle.self = circle
    const shared = { a: 1 }
    createLog('info', () => 0, {}).info({ circle, first: shared, second: shared }, 'odd')
    expect(lines()[0]).toMatchObject({
      circle: { big: '1', self: '[circular]' },
      first: { a: 1 },
      second: { a: 1 },
    })
  })
})
