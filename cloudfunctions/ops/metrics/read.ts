import * as z from 'zod'
import { defineRoute, refuse, type Tally } from '../../_kernel/index.ts'
import { readHours } from './store.ts'
import { nothing, plus, toSummary } from './summary.ts'

const HOUR_MS = 3_600_000
const SPAN_MAX_MS = 8 * 24 * HOUR_MS

/** ops/metrics: rate, faults, latency and cost of each route, over a span or hour by hour. One database request a day. */
export const metrics = defineRoute({
  summary: 'Rate, faults, latency and cost per route',
  input: z.strictObject({
    fromMs: z.int().min(0),
    toMs: z.int().min(0),
    function: z.string().max(40).optional(),
    /** `hour`: every hour by itself, all routes of a function together. */
    by: z.enum(['route', 'hour']).default('route'),
  }),
  access: 'ops:read',
  whileClosed: true,

  async handle({ fromMs, toMs, function: wanted, by }, ctx) {
    if (toMs <= fromMs || toMs - fromMs > SPAN_MAX_MS) refuse('INVALID_INPUT', { span: SPAN_MAX_MS })
    const from = Math.floor(fromMs / HOUR_MS) * HOUR_MS
    const groups = new Map<string, { function: string; route?: string; hourMs?: number; tally: Tally }>()
    for (const { function: name, hourMs, routes } of await readHours(ctx, from, toMs)) {
      if (wanted !== undefined && name !== wanted) continue
      for (const [route, tally] of Object.entries(routes)) {
        const about = by === 'route' ? { function: name, route } : { function: name, hourMs }
        const key = JSON.stringify(about)
        groups.set(key, { ...about, tally: plus(groups.get(key)?.tally ?? nothing, tally) })
      }
    }
    const spanMs = by === 'hour' ? HOUR_MS : Math.min(toMs, ctx.clock.nowMs()) - from
    const items = [...groups.values()].map(({ tally, ...about }) => ({
      ...about,
      ...toSummary(tally, Math.max(spanMs, 60_000)),
    }))
    return { fromMs: from, toMs, items: items.sort((a, b) => b.calls - a.calls) }
  },
})
