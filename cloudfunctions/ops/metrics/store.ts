import * as z from 'zod'
import { type Context, collection, command, type MetricHour, metricHours, text } from '../../_kernel/index.ts'

const count = z.int()

export const metricDays = collection(
  'metric_days',
  z.object({
    /** `<function>-2026-01-05` */
    _id: text,
    function: text,
    /** When the day of China begins. */
    dayMs: z.int(),
    routes: z.record(
      text,
      z.object({ calls: count, refused: count, failed: count, durationMs: count, databaseCalls: count }),
    ),
    expiresAtMs: z.int(),
  }),
)
export type MetricDay = ReturnType<typeof metricDays.parse>

const PAGE = 1_000
/** 40 functions for eight days, far more than there are. */
const PAGES_MAX = 8

/** The hours that begin in a span, in order. One database request for each thousand: a day of 13 functions is 312. */
export async function readHours(ctx: Context, fromMs: number, toMs: number): Promise<MetricHour[]> {
  const hours: MetricHour[] = []
  for (let page = 0; page < PAGES_MAX; page++) {
    const some = await ctx.db.query(metricHours, {
      where: { hourMs: command.gte(fromMs).and(command.lt(toMs)) },
      orderBy: [
        ['hourMs', 'asc'],
        ['_id', 'asc'],
      ],
      skip: hours.length,
      limit: PAGE,
    })
    hours.push(...some)
    if (some.length < PAGE) break
  }
  return hours
}
