/** Days out of hours, for the cost of a month and of last year's. Running it again gives the same. */
import { type Context, command, metricHours } from '../../_kernel/index.ts'
import { DAY_MS, startOfDay } from './china-day.ts'
import { type MetricDay, metricDays, readHours } from './store.ts'

const KEEP_DAYS_MS = 400 * DAY_MS

/** Yesterday and the day before, of China: a late measurement of an hour still comes in. @returns how many days it wrote. */
export async function condenseMetrics(ctx: Context): Promise<number> {
  const today = startOfDay(ctx.clock.nowMs())
  let written = 0
  for (const dayMs of [today - 2 * DAY_MS, today - DAY_MS]) {
    for (const day of toDays(dayMs, await readHours(ctx, dayMs, dayMs + DAY_MS))) {
      await ctx.transaction((tx) => tx.put(metricDays, day))
      written += 1
    }
  }
  return written
}

export function toDays(dayMs: number, hours: Awaited<ReturnType<typeof readHours>>): MetricDay[] {
  const days = new Map<string, MetricDay>()
  for (const { function: name, routes } of hours) {
    const day = days.get(name) ?? {
      _id: `${name}-${new Date(dayMs).toISOString().slice(0, 13)}`,
      function: name,
      dayMs,
      routes: {},
      expiresAtMs: dayMs + KEEP_DAYS_MS,
    }
    days.set(name, day)
    for (const [route, tally] of Object.entries(routes)) {
      const sum = day.routes[route] ?? { calls: 0, refused: 0, failed: 0, durationMs: 0, databaseCalls: 0 }
      day.routes[route] = {
        calls: sum.calls + tally.calls,
        refused: sum.refused + tally.refused,
        failed: sum.failed + tally.failed,
        durationMs: sum.durationMs + tally.durationMs,
        databaseCalls: sum.databaseCalls + tally.databaseCalls,
      }
    }
  }
  return [...days.values()]
}

/** @returns how many were removed. */
export async function cleanMetrics(ctx: Context): Promise<number> {
  const expired = { expiresAtMs: command.lte(ctx.clock.nowMs()) }
  return (await ctx.db.removeMany(metricHours, expired)) + (await ctx.db.removeMany(metricDays, expired))
}
