/** Parts of a date, as MongoDB counts them. The date is shifted to its zone already and read as UTC. */

const DAY_MS = 86_400_000

export const partsOfDate: Record<string, (date: Date) => number> = {
  year: (date) => date.getUTCFullYear(),
  month: (date) => date.getUTCMonth() + 1,
  dayOfMonth: (date) => date.getUTCDate(),
  hour: (date) => date.getUTCHours(),
  minute: (date) => date.getUTCMinutes(),
  second: (date) => date.getUTCSeconds(),
  millisecond: (date) => date.getUTCMilliseconds(),
  dayOfYear,
  // Sunday is 1, or 7 where weeks begin on Monday.
  dayOfWeek: (date) => date.getUTCDay() + 1,
  isoDayOfWeek: (date) => date.getUTCDay() || 7,
  // Weeks begin on Sunday; days before the first Sunday are in week 0.
  week: (date) => Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7),
  isoWeek: (date) => Math.floor((dayOfYear(thursdayOf(date)) - 1) / 7) + 1,
  isoWeekYear: (date) => thursdayOf(date).getUTCFullYear(),
}

/** Midnight of a day given by its week of ISO 8601; what is too much carries over. */
export function startOfIsoDay(year: number, week: number, day: number): number {
  const fourth = startOfDay(year, 1, 4)
  const monday = fourth - ((new Date(fourth).getUTCDay() || 7) - 1) * DAY_MS
  return monday + (week - 1) * 7 * DAY_MS + (day - 1) * DAY_MS
}

/** Midnight of a day; what is too much or too little carries over. */
export function startOfDay(year: number, month: number, day: number): number {
  // Date.UTC takes the years 0 to 99 for those of the last century.
  return new Date(0).setUTCFullYear(year, month - 1, day)
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - startOfDay(date.getUTCFullYear(), 1, 1)) / DAY_MS) + 1
}

/** A week of ISO 8601 belongs to the year of its Thursday. */
function thursdayOf(date: Date): Date {
  return new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * DAY_MS)
}
