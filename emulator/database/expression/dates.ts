/** Date operators. Mingo's take time zones from the machine and miscount weeks at the turn of the year. */
import { ObjectId } from 'bson'
import { requestFailed } from '../errors.ts'
import { partsOfDate, startOfDay, startOfIsoDay } from './calendar.ts'
import { formatDate, parseDate } from './date-format.ts'
import { evaluate, isNil, isPlainObject, type Operator, ofFields, typeOf } from './operands.ts'
import { fromLocal, offsetMinutes } from './time-zone.ts'

export const dateOperators: Record<string, Operator> = {
  ...Object.fromEntries(
    Object.entries(partsOfDate).map(([name, part]) => [`$${name}`, datePart(name, part)]),
  ),

  $dateToParts: ofFields('$dateToParts', ['date', 'timezone', 'iso8601'], ({ date, timezone, iso8601 }) => {
    const local = inZone(date, timezone)
    if (local === null) return null
    const days = iso8601 === true ? isoDays : calendarDays
    return Object.fromEntries([...days, ...clock].map(([field, part]) => [field, partsOfDate[part]?.(local)]))
  }),

  $dateFromParts: ofFields('$dateFromParts', [...yearParts(), 'timezone'], (given) => {
    if (Object.values(given).some(isNil)) return null
    const isIso = given.isoWeekYear !== undefined
    if (!isIso && given.year === undefined) {
      throw requestFailed("$dateFromParts requires either 'year' or 'isoWeekYear' to be present")
    }
    const part = (name: string, otherwise: number) => wholePart(name, given[name] ?? otherwise)
    const day = isIso
      ? startOfIsoDay(part('isoWeekYear', 1970), part('isoWeek', 1), part('isoDayOfWeek', 1))
      : startOfDay(part('year', 1970), part('month', 1), part('day', 1))
    const local =
      day +
      ((part('hour', 0) * 60 + part('minute', 0)) * 60 + part('second', 0)) * 1000 +
      part('millisecond', 0)
    return new Date(fromLocal(zoneOf(given.timezone), local))
  }),

  $dateToString: ofFields(
    '$dateToString',
    ['date', 'format', 'timezone', 'onNull'],
    ({ date, format, timezone, onNull }) => {
      const local = inZone(date, timezone)
      if (local === null) return onNull ?? null
      if (isNil(format) && format === null) return null
      if (format !== undefined && typeof format !== 'string') {
        throw requestFailed(`$dateToString requires that 'format' be a string, found: ${typeOf(format)}`)
      }
      const offset = (local.getTime() - (toDate(date)?.getTime() ?? 0)) / 60_000
      return formatDate(local, offset, format ?? (isNil(timezone) ? ISO : ISO.slice(0, -1)))
    },
  ),

  $dateFromString: (object, expression, options) => {
    const written: unknown = expression
    // Without `onError` an unreadable text is refused, which is not the same as `onError: null`.
    const hasOnError = isPlainObject(written) && Object.hasOwn(written, 'onError')
    return dateFromString(hasOnError)(object, expression, options)
  },
}

const ISO = '%Y-%m-%dT%H:%M:%S.%LZ'

const calendarDays = [
  ['year', 'year'],
  ['month', 'month'],
  ['day', 'dayOfMonth'],
] as const
const isoDays = [
  ['isoWeekYear', 'isoWeekYear'],
  ['isoWeek', 'isoWeek'],
  ['isoDayOfWeek', 'isoDayOfWeek'],
] as const
const clock = [
  ['hour', 'hour'],
  ['minute', 'minute'],
  ['second', 'second'],
  ['millisecond', 'millisecond'],
] as const

function yearParts(): string[] {
  const days = ['year', 'month', 'day', 'isoWeekYear', 'isoWeek', 'isoDayOfWeek']
  return [...days, 'hour', 'minute', 'second', 'millisecond']
}

function dateFromString(hasOnError: boolean): Operator {
  const fields = ['dateString', 'format', 'timezone', 'onError', 'onNull']
  return ofFields('$dateFromString', fields, ({ dateString, format, timezone, onError, onNull }) => {
    if (isNil(dateString)) return onNull ?? null
    if (format === null || timezone === null) return null
    try {
      if (typeof dateString !== 'string') {
        throw requestFailed(
          `$dateFromString requires that 'dateString' be a string, found: ${typeOf(dateString)}`,
        )
      }
      const { localMs, zone } = parseDate(dateString, typeof format === 'string' ? format : undefined)
      if (zone !== undefined && timezone !== undefined) {
        throw requestFailed(
          `you cannot pass in a date/time string with time zone information ('${zone}') together with a timezone argument`,
        )
      }
      return new Date(fromLocal(zone ?? zoneOf(timezone), localMs))
    } catch (error) {
      if (hasOnError) return onError
      throw error
    }
  })
}

/** `{ $year: date }`, or with `{ date, timezone }`. */
function datePart(name: string, part: (date: Date) => number): Operator {
  return (object, expression, options) => {
    const written: unknown = expression
    const operand: unknown = Array.isArray(written) && written.length === 1 ? written[0] : written
    const isNamed = isPlainObject(operand) && !Object.keys(operand)[0]?.startsWith('$')
    if (isNamed && !Object.hasOwn(operand, 'date')) {
      throw requestFailed(`missing 'date' argument to $${name}`)
    }
    const date = evaluate(object, isNamed ? operand.date : operand, options)
    const timezone = isNamed ? evaluate(object, operand.timezone, options) : undefined
    const local =
      isNamed && Object.hasOwn(operand, 'timezone') && isNil(timezone) ? null : inZone(date, timezone)
    return local === null ? null : part(local)
  }
}

/** The date as a clock of the zone shows it, to be read as UTC; null for no date. */
function inZone(value: unknown, zone: unknown): Date | null {
  const date = toDate(value)
  return date && new Date(date.getTime() + offsetMinutes(zoneOf(zone), date.getTime()) * 60_000)
}

function toDate(value: unknown): Date | null {
  if (isNil(value)) return null
  if (value instanceof Date) return value
  if (value instanceof ObjectId) return value.getTimestamp()
  throw requestFailed(`can't convert from BSON type ${typeOf(value)} to Date`)
}

function zoneOf(zone: unknown): string {
  if (isNil(zone)) return 'UTC'
  if (typeof zone === 'string') return zone
  throw requestFailed(`timezone must evaluate to a string, found ${typeOf(zone)}`)
}

function wholePart(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  throw requestFailed(`'${name}' must evaluate to an integer, found ${typeOf(value)}`)
}
