/**
 * The platform's cron expressions: seven fields `second minute hour day month weekday year` in UTC+8, where a day
 * matches by day OR weekday when both are restricted (WeChat guide, functions/triggers).
 */
export interface Cron {
  /** The first matching second strictly after `afterMs`; undefined when the years are over. */
  next(afterMs: number): number | undefined
}

export class InvalidCron extends Error {}

interface Field {
  name: string
  min: number
  max: number
  names?: string[]
}

const FIELDS: Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ') },
  { name: 'weekday', min: 0, max: 6, names: 'SUN MON TUE WED THU FRI SAT'.split(' ') },
  { name: 'year', min: 1970, max: 2099 },
]

const SECOND_MS = 1_000
const DAY_MS = 86_400_000
const OFFSET_MS = 8 * 3_600_000
/** The calendar repeats after 28 years; what does not match within them never will before 2100. */
const HORIZON_DAYS = 366 * 28

export function parseCron(expression: string): Cron {
  const texts = expression.trim().split(/\s+/)
  if (texts.length !== FIELDS.length) {
    throw new InvalidCron(
      `cron "${expression}" must have 7 fields: second minute hour day month weekday year; it has ${texts.length}`,
    )
  }
  const sets = FIELDS.map((field, index) => parseField(field, texts[index] ?? '', expression))
  const [seconds, minutes, hours, days, months, weekdays, years] = sets as [S, S, S, S, S, S, S] // seven, as FIELDS
  const isAnyDay = texts[3] === '*'
  const isAnyWeekday = texts[5] === '*'

  /** `date` is UTC+8's midnight, written as if it were UTC. */
  function matchesDay(date: Date): boolean {
    if (!years.has(date.getUTCFullYear()) || !months.has(date.getUTCMonth() + 1)) return false
    const byDay = days.has(date.getUTCDate())
    const byWeekday = weekdays.has(date.getUTCDay())
    if (isAnyDay) return byWeekday
    return isAnyWeekday ? byDay : byDay || byWeekday
  }

  function secondOfDay(notBefore: number): number | undefined {
    for (const hour of hours) {
      if ((hour + 1) * 3_600 <= notBefore) continue
      for (const minute of minutes) {
        if (hour * 3_600 + (minute + 1) * 60 <= notBefore) continue
        for (const second of seconds) {
          const at = hour * 3_600 + minute * 60 + second
          if (at >= notBefore) return at
        }
      }
    }
    return undefined
  }

  return {
    next(afterMs) {
      const first = Math.floor(afterMs / SECOND_MS) * SECOND_MS + SECOND_MS + OFFSET_MS
      let midnight = Math.floor(first / DAY_MS) * DAY_MS
      let notBefore = (first - midnight) / SECOND_MS
      for (let day = 0; day < HORIZON_DAYS; day++) {
        const second = matchesDay(new Date(midnight)) ? secondOfDay(notBefore) : undefined
        if (second !== undefined) return midnight + second * SECOND_MS - OFFSET_MS
        midnight += DAY_MS
        notBefore = 0
      }
      return undefined
    },
  }
}

/** In ascending order. */
type S = Set<number>

function parseField(field: Field, text: string, expression: string): S {
  const { name, min, max } = field
  const refuse = (why: string): never => {
    throw new InvalidCron(`cron "${expression}": ${name} "${text}" ${why}`)
  }
  const numberOf = (part: string): number => {
    const named = field.names?.indexOf(part.toUpperCase()) ?? -1
    const value = named >= 0 ? named + min : /^\d+$/.test(part) ? Number(part) : Number.NaN
    return value >= min && value <= max ? value : refuse(`must be ${min} to ${max}, with , - * / only`)
  }
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const [range = '', stepText, ...more] = part.split('/')
    const step =
      stepText === undefined ? 1 : /^[1-9]\d*$/.test(stepText) ? Number(stepText) : refuse('has a bad step')
    if (more.length > 0) refuse('has two steps')
    const [from = '', to, ...rest] = range.split('-')
    if (rest.length > 0) refuse('has a bad range')
    const start = range === '*' ? min : numberOf(from)
    const end =
      range === '*' || (to === undefined && stepText !== undefined)
        ? max
        : to === undefined
          ? start
          : numberOf(to)
    if (end < start) refuse('has a range that runs backwards')
    for (let value = start; value <= end; value += step) found.add(value)
  }
  return new Set([...found].sort((a, b) => a - b))
}
