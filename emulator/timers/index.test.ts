import { describe, expect, it } from 'vitest'
import { createClock } from '../core/clock.ts'
import { createLog } from '../core/log.ts'
import { createTimers, type TimerEvent, type TimersDeps } from './index.ts'

function start(crons: Record<string, string>, file?: string) {
  const clock = createClock('manual', Date.parse('2024-01-01T00:00:00+08:00'))
  const calls: { functionName: string; event: TimerEvent; atMs: number }[] = []
  const triggers: ReturnType<TimersDeps['triggers']> = Object.entries(crons).map(([functionName, cron]) => ({
    functionName,
    name: 'tick',
    cron,
    file,
  }))
  const log = createLog(clock.nowMs)
  const timers = createTimers({
    clock,
    log,
    triggers: () => triggers,
    async invoke(functionName, event) {
      calls.push({ functionName, event, atMs: clock.nowMs() })
    },
  })
  return { clock, calls, log, timers, triggers }
}

describe('timers', () => {
  it('fire once per appointment while a manual clock jumps over many', async () => {
    const { clock, calls, timers } = start({ sweep: '0 */10 * * * * *' })
    await timers.start()
    await clock.advance(35 * 60_000)
    expect(calls.map(({ event }) => event.Time)).toEqual([
      '2023-12-31T16:10:00Z',
      '2023-12-31T16:20:00Z',
      '2023-12-31T16:30:00Z',
    ])
    expect(calls.every(({ event, atMs }) => Date.parse(event.Time) === atMs)).toBe(true)
    await timers.stop()
  })

  it('fire in order of time across functions', async () => {
    const { clock, calls, timers } = start({ slow: '0 */2 * * * * *', fast: '30 * * * * * *' })
    await timers.start()
    await clock.advance(3 * 60_000)
    expect(calls.map(({ functionName }) => functionName)).toEqual(['fast', 'fast', 'slow', 'fast'])
    await timers.stop()
  })

  it('can be fired by hand, and keep their appointment', async () => {
    const { calls, timers } = start({ sweep: '0 0 0 * * * *' })
    await timers.start()
    await timers.fire('sweep')
    expect(calls).toHaveLength(1)
    expect(timers.fire('nothing')).toBeUndefined()
    expect(timers.list()).toMatchObject([
      { functionName: 'sweep', nextMs: Date.parse('2024-01-02T00:00:00+08:00') },
    ])
    await timers.stop()
  })

  it('name what is wrong with an expression instead of firing', async () => {
    const { log, timers } = start({ broken: '0 0 2 1 * *' }, '/project/broken/config.json')
    await timers.start()
    expect(log.recent().map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^broken will not be called .* 7 fields.* in \/project\/broken\/config\.json; write/,
      ),
    ])
    expect(timers.list()).toMatchObject([
      { functionName: 'broken', problem: expect.stringContaining('7 fields') },
    ])
    await timers.stop()
  })

  it('follow triggers that come and go', async () => {
    const { clock, calls, timers, triggers } = start({ old: '0 * * * * * *' })
    await timers.start()
    triggers.splice(0, 1, { functionName: 'new', name: 'tick', cron: '0 * * * * * *' })
    timers.refresh()
    await clock.advance(60_000)
    expect(calls.map(({ functionName }) => functionName)).toEqual(['new'])
    await timers.stop()
  })
})
