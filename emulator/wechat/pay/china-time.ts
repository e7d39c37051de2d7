/** WeChat Pay speaks Beijing time (UTC+8, no summer time) in three notations. */
const OFFSET_MS = 8 * 3_600_000

/** `yyyyMMddHHmmss` */
export function compactTime(atMs: number): string {
  return new Date(atMs + OFFSET_MS).toISOString().replace(/\D/g, '').slice(0, 14)
}

/** `yyyy-MM-dd HH:mm:ss` */
export function spacedTime(atMs: number): string {
  return new Date(atMs + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}

/** `yyyy-MM-ddTHH:mm:ss+08:00` (v3) */
export function zonedTime(atMs: number): string {
  return `${new Date(atMs + OFFSET_MS).toISOString().slice(0, 19)}+08:00`
}

/** The moment that `yyyyMMddHHmmss` or `yyyyMMdd` (its midnight) names, or undefined when there is none. */
export function parseCompactTime(text: string): number | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00'] =
    /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$/.exec(text) ?? []
  const utcMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(utcMs)) return undefined
  // Some engines read the 31st of a short month as the 1st of the next.
  const atMs = utcMs - OFFSET_MS
  return compactTime(atMs).startsWith(text) ? atMs : undefined
}
