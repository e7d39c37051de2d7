/** Time zones of date expressions: names such as `Asia/Shanghai`, and offsets such as `+08:00`. */
import { requestFailed } from '../errors.ts'

const OFFSET = /^([+-])(\d{2}):?(\d{2})?$/

/** Minutes that the zone is ahead of UTC at that time. */
export function offsetMinutes(zone: string, atMs: number): number {
  const [, sign, hours = '', minutes = '0'] = OFFSET.exec(zone) ?? []
  if (sign) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  if (zone === 'UTC' || zone === 'GMT' || zone === 'Z') return 0
  const parts = formatterOf(zone).formatToParts(atMs)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, ahead, hour = '0', minute = '0'] = /GMT(?:([+-])(\d{2}):?(\d{2})?)?/.exec(name) ?? []
  return ahead ? (ahead === '-' ? -1 : 1) * (Number(hour) * 60 + Number(minute)) : 0
}

/** A time read off a clock of the zone, as the time it is. */
export function fromLocal(zone: string, localMs: number): number {
  const guess = localMs - offsetMinutes(zone, localMs) * 60_000
  return localMs - offsetMinutes(zone, guess) * 60_000
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone)
  if (!formatter) {
    try {
      formatter = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    } catch {
      throw requestFailed(`unrecognized time zone identifier: "${zone}"`)
    }
    formatters.set(zone, formatter)
  }
  return formatter
}
