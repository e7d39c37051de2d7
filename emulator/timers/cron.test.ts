import { describe, expect, it } from 'vitest'
import { InvalidCron, parseCron } from './cron.ts'

/** Times are written in UTC+8, in which the platform reads cron expressions. */
const at = (text: string) => Date.parse(`${text}+08:00`)
const shown = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)

function upcoming(expression: string, after: string, count = 3): (string | undefined)[] {
  const cron = parseCron(expression)
  const found: (string | undefined)[] = []
  for (let ms: number | undefined = at(after); ms !== undefined && found.length < count; ) {
    ms = cron.next(ms)
    found.push(shown(ms))
  }
  return found
}

describe('cron', () => {
  it.each([
    ['*/5 * * * * * *', ['2024-01-01T00:00:05', '2024-01-01T00:00:10', '2024-01-01T00:00:15']],
    ['0 0 2 1 * * *', ['2024-01-01T02:00:00', '2024-02-01T02:00:00', '2024-03-01T02:00:00']],
    ['0 0 10,14,16 * * * *', ['2024-01-01T10:00:00', '2024-01-01T14:00:00', '2024-01-01T16:00:00']],
    ['0 */30 9-17 * * * *', ['2024-01-01T09:00:00', '2024-01-01T09:30:00', '2024-01-01T10:00:00']],
    ['0 0 12 * * WED *', ['2024-01-03T12:00:00', '2024-01-10T12:00:00', '2024-01-17T12:00:00']],
    ['0 15 10 * * MON-FRI *', ['2024-01-01T10:15:00', '2024-01-02T10:15:00', '2024-01-03T10:15:00']],
    ['0 0 0 29 2 * *', ['2024-02-29T00:00:00', '2028-02-29T00:00:00', '2032-02-29T00:00:00']],
  ])('%s fires as the manual says', (expression, expected) => {
    expect(upcoming(expression, '2024-01-01T00:00:00')).toEqual(expected)
  })

  it('joins day and weekday by OR when both are restricted', () => {
    expect(upcoming('0 0 0 3 * SUN *', '2024-01-01T00:00:00', 4)).toEqual([
      '2024-01-03T00:00:00',
      '2024-01-07T00:00:00',
      '2024-01-14T00:00:00',
      '2024-01-21T00:00:00',
    ])
  })

  it('counts weekdays from Sunday as 0', () => {
    expect(upcoming('0 0 0 * * 0 *', '2024-01-01T00:00:00', 1)).toEqual(['2024-01-07T00:00:00'])
  })

  it('never fires at the very second it is asked about', () => {
    expect(upcoming('0 0 0 * * * *', '2024-01-01T00:00:00', 1)).toEqual(['2024-01-02T00:00:00'])
  })

  it('ends when the years are over', () => {
    expect(upcoming('0 0 0 1 1 * 2023', '2024-01-01T00:00:00', 1)).toEqual([undefined])
  })

  it.each([
    '0 0 2 1 * *',
    '60 * * * * * *',
    '* * * * * 7 *',
    '5-1 * * * * * *',
    '*/0 * * * * * *',
    'x * * * * * *',
    '',
  ])('refuses "%s"', (expression) => {
    expect(() => parseCron(expression)).toThrow(InvalidCron)
  })
})
