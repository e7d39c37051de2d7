import * as z from 'zod'
import { type Context, command, defineRoute, type MetricHour } from '../../_kernel/index.ts'
import { plan } from '../definitions.ts'
import { chinaDay, DAY_MS, monthOf, startOfDay } from './china-day.ts'
import { toDays } from './condense.ts'
import { type MetricDay, metricDays, readHours } from './store.ts'

const TOP = 20

/**
 * ops/costReport: what a month has cost so far, against the plan, and which routes cost most. Invocations and database
 * requests as our functions counted them: what clients read directly, and files, are in the console's own figures.
 */
export const costReport = defineRoute({
  summary: 'What a month has cost so far, against the plan',
  input: z.strictObject({
    /** `2026-01`; this month when not given. */
    month: z
      .string()
      .regex(/^20\d\d-(0[1-9]|1[0-2])$/)
      .optional(),
  }),
  access: 'ops:cost',

  async handle(input, ctx) {
    const nowMs = ctx.clock.nowMs()
    const month = input.month ?? chinaDay(nowMs).slice(0, 7)
    const { fromMs, toMs } = monthOf(month)
    const days = await readDays(ctx, fromMs, Math.min(toMs, nowMs + 1))
    const prices = await ctx.setting(plan)

    const routes = new Map<string, Cost>()
    const total: Cost = { invocations: 0, databaseCalls: 0, gbs: 0 }
    for (const { function: name, routes: tallies } of days) {
      for (const [route, { calls, databaseCalls, durationMs }] of Object.entries(tallies)) {
        const gbs = (durationMs / 1_000) * (prices.memoryMb / 1_024)
        const cost = routes.get(`${name}/${route}`) ?? { invocations: 0, databaseCalls: 0, gbs: 0 }
        for (const sum of [cost, total]) {
          sum.invocations += calls
          sum.databaseCalls += databaseCalls
          sum.gbs += gbs
        }
        routes.set(`${name}/${route}`, cost)
      }
    }

    const passed = (Math.min(toMs, nowMs) - fromMs) / (toMs - fromMs)
    const share = (used: number, included: number) => ({
      used: round(used),
      included,
      percent: round((used / included) * 100),
      /** As much again per day for the rest of the month. */
      forecast: passed > 0 ? Math.round(used / passed) : 0,
    })
    const priced = (cost: Cost) => ({
      ...cost,
      gbs: round(cost.gbs),
      calls: cost.invocations + cost.databaseCalls,
      fen: fenOf(cost, prices),
    })
    return {
      month,
      plan: prices,
      calls: share(total.invocations + total.databaseCalls, prices.callsPerMonth),
      gbs: share(total.gbs, prices.gbsPerMonth),
      total: priced(total),
      routes: [...routes]
        .map(([route, cost]) => ({ route, ...priced(cost) }))
        .sort((a, b) => b.calls - a.calls)
        .slice(0, TOP),
    }
  },
})

interface Cost {
  invocations: number
  databaseCalls: number
  gbs: number
}

/** At the price of what comes on top of the plan; null as long as nobody has set the prices. */
function fenOf(cost: Cost, prices: z.output<typeof plan.schema>): number | null {
  const { fenPer10000Calls, fenPer1000Gbs } = prices
  if (fenPer10000Calls === null || fenPer1000Gbs === null) return null
  const calls = cost.invocations + cost.databaseCalls
  return round((calls / 10_000) * fenPer10000Calls + (cost.gbs / 1_000) * fenPer1000Gbs)
}

/** Whole days as they were condensed, and the hours of those that are not yet. Two database requests. */
async function readDays(ctx: Context, fromMs: number, toMs: number): Promise<MetricDay[]> {
  const condensed = await ctx.db.query(metricDays, {
    where: { dayMs: command.gte(fromMs).and(command.lt(toMs)) },
    limit: 1_000,
  })
  const known = new Set(condensed.map(({ dayMs }) => dayMs))
  const hoursFromMs = Math.max(fromMs, startOfDay(ctx.clock.nowMs()) - 2 * DAY_MS)
  if (hoursFromMs >= toMs) return condensed
  const hours = await readHours(ctx, hoursFromMs, toMs)
  const byDay = byDayOf(hours)
  const fresh = [...byDay].flatMap(([dayMs, some]) => (known.has(dayMs) ? [] : toDays(dayMs, some)))
  return [...condensed, ...fresh]
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function byDayOf(hours: MetricHour[]): Map<number, MetricHour[]> {
  const days = new Map<number, MetricHour[]>()
  for (const hour of hours) {
    const dayMs = startOfDay(hour.hourMs)
    days.set(dayMs, [...(days.get(dayMs) ?? []), hour])
  }
  return days
}
