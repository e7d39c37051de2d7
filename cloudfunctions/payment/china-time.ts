/** WeChat Pay speaks Beijing time: UTC+8, without summer time. */
const OFFSET_MS = 8 * 3_600_000
export const DAY_MS = 86_400_000

/** `yyyyMMddHHmmss` */
export function compactTime(atMs: number): string {
  return new Date(atMs + OFFSET_MS).toISOString().replace(/\D/g, '').slice(0, 14)
}

/** Undefined for what is no time. */
export function parseCompactTime(text: string): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text) ?? []
  const utcMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(utcMs) ? undefined : utcMs - OFFSET_MS
}

/** The `yyyyMMdd` that a moment falls on. */
function dayOf(atMs: number): string {
  return compactTime(atMs).slice(0, 8)
}

/** The midnight that a `yyyyMMdd` begins with; undefined for a day that does not exist. */
export function startOfDay(day: string): number | undefined {
  const startMs = parseCompactTime(`${day}000000`)
  return startMs !== undefined && dayOf(startMs) === day ? startMs : undefined
}
