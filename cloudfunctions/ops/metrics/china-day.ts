/** Days of China, which has one time zone and no summer time. No I/O. */
export const DAY_MS = 86_400_000
const CHINA_OFFSET_MS = 8 * 3_600_000

/** When the day of China begins that `epochMs` is in. */
export function startOfDay(epochMs: number): number {
  return Math.floor((epochMs + CHINA_OFFSET_MS) / DAY_MS) * DAY_MS - CHINA_OFFSET_MS
}

/** `2026-01-05` */
export function chinaDay(epochMs: number): string {
  return new Date(epochMs + CHINA_OFFSET_MS).toISOString().slice(0, 10)
}

/** From the first moment of a month (`2026-01`) to that of the next. */
export function monthOf(month: string): { fromMs: number; toMs: number } {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return {
    fromMs: Date.UTC(year, number - 1, 1) - CHINA_OFFSET_MS,
    toMs: Date.UTC(year, number, 1) - CHINA_OFFSET_MS,
  }
}
