/** Dates as text and back, by MongoDB's format specifiers. */
import { requestFailed } from '../errors.ts'
import { partsOfDate, startOfDay, startOfIsoDay } from './calendar.ts'

const MINUTE_MS = 60_000

/** @param local shifted to its zone, which is `offset` minutes ahead of UTC */
export function formatDate(local: Date, offset: number, format: string): string {
  return format.replace(/%(.?)/g, (whole, letter: string) => {
    if (letter === '%') return '%'
    if (letter === 'z') return offsetText(offset)
    if (letter === 'Z') return String(offset)
    const [part = '', digits = 0] = specifiers[letter] ?? []
    const value = partsOfDate[part]?.(local)
    if (value === undefined) throw requestFailed(`Invalid format character '${whole}' in format string`)
    return String(value).padStart(digits, '0')
  })
}

/** The time that a clock showed, and the zone if the text names one. Without a format, ISO 8601 and what V8 reads. */
export function parseDate(text: string, format?: string): { localMs: number; zone?: string } {
  if (format !== undefined) return parseByFormat(text, format)
  const [, date, time = '', zone] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(
      text,
    ) ?? []
  const localMs = date === undefined ? Date.parse(`${text} UTC`) : Date.parse(`${date}T${time || '00:00'}Z`)
  if (Number.isNaN(localMs)) throw requestFailed(`Error parsing date string '${text}'; 0: no date in it`)
  return zone === undefined ? { localMs } : { localMs, zone }
}

/** Letter to the part of a date and its width. */
const specifiers: Record<string, [part: string, digits: number]> = {
  Y: ['year', 4],
  m: ['month', 2],
  d: ['dayOfMonth', 2],
  H: ['hour', 2],
  M: ['minute', 2],
  S: ['second', 2],
  L: ['millisecond', 3],
  j: ['dayOfYear', 3],
  w: ['dayOfWeek', 1],
  u: ['isoDayOfWeek', 1],
  U: ['week', 2],
  V: ['isoWeek', 2],
  G: ['isoWeekYear', 4],
}

function parseByFormat(text: string, format: string): { localMs: number; zone?: string } {
  const parts: Record<string, number> = {}
  let zone: string | undefined
  let at = 0
  const fail = () =>
    requestFailed(`Error parsing date string '${text}'; ${at}: it does not match the format '${format}'`)
  for (let i = 0; i < format.length; i++) {
    const letter = format[i] === '%' ? (format[++i] ?? '') : undefined
    if (letter === undefined || letter === '%') {
      if (text[at++] !== (letter ?? format[i])) throw fail()
      continue
    }
    const [part, digits] = specifiers[letter] ?? []
    const pattern =
      letter === 'z' ? /^(Z|[+-]\d{2}:?\d{2})/ : part ? new RegExp(`^\\d{1,${digits}}`) : undefined
    if (!pattern) throw requestFailed(`Invalid format character '%${letter}' in format string`)
    const [found] = pattern.exec(text.slice(at)) ?? []
    if (found === undefined) throw fail()
    at += found.length
    if (part) parts[part] = Number(found)
    else zone = found
  }
  if (at !== text.length) throw fail()
  const { year, month = 1, dayOfMonth = 1, dayOfYear, isoWeekYear, isoWeek = 1, isoDayOfWeek = 1 } = parts
  if (year === undefined && isoWeekYear === undefined) throw fail()
  const day =
    isoWeekYear === undefined
      ? startOfDay(year ?? 1970, dayOfYear === undefined ? month : 1, dayOfYear ?? dayOfMonth)
      : startOfIsoDay(isoWeekYear, isoWeek, isoDayOfWeek)
  const { hour = 0, minute = 0, second = 0, millisecond = 0 } = parts
  return { localMs: day + (hour * 60 + minute) * MINUTE_MS + second * 1000 + millisecond, zone }
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`
}
