import * as z from 'zod'
import type { Clock } from '../../core/clock.ts'
import type { CostMeter } from '../../core/cost.ts'
import type { Log, LogLine } from '../../core/log.ts'
import { ControlRefusal, type ControlRoute, route } from '../route.ts'
import type { Users } from '../users.ts'

export interface SystemPorts {
  clock: Clock
  cost: CostMeter
  log: Log
  users: Users
  timers: { countUntil(epochMs: number, most: number): number; refresh(): void }
  health(): Record<string, unknown>
}

const MAX_TICKS = 100_000

const levels = ['debug', 'info', 'warn', 'error'] as const

/** Health, users, clock, cost and log. */
export function systemRoutes({ clock, cost, log, users, timers, health }: SystemPorts): ControlRoute[] {
  /** Each tick is a call of a function: years of a timer of every second would be called for days. */
  function assertFewTicks(epochMs: number): void {
    timers.refresh()
    if (timers.countUntil(epochMs, MAX_TICKS + 1) <= MAX_TICKS) return
    throw new ControlRefusal(
      400,
      'TOO_MANY_TICKS',
      `timers would fire more than ${MAX_TICKS} times on the way: POST /control/clock/advance with "leap": true runs what became due once, late`,
    )
  }

  const time = () => ({ mode: clock.mode, nowMs: clock.nowMs(), now: new Date(clock.nowMs()).toISOString() })
  return [
    route({
      method: 'GET',
      path: '/control/health',
      summary: 'Whether the local cloud is ready, and what it runs',
      handle: () => ({ status: 'ready', ...health(), clock: time() }),
    }),
    route({
      method: 'GET',
      path: '/control/users',
      summary: 'Demo users and everyone who has called, with openids',
      handle: () => ({ users: users.list() }),
    }),
    route({
      method: 'POST',
      path: '/control/users',
      summary: 'Adds a user (a first call does so too) and tells the openid',
      body: z.object({ name: z.string() }),
      handle({ body: { name } }) {
        const identity = users.identityOf(name)
        if (!identity)
          throw new ControlRefusal(400, 'INVALID_USER', 'a name has 1 to 64 of A-Z a-z 0-9 _ - .')
        return { name, openid: identity.openid }
      },
    }),
    route({
      method: 'GET',
      path: '/control/clock',
      summary: 'The time that functions, timers and expiry see',
      handle: time,
    }),
    route({
      method: 'POST',
      path: '/control/clock/set',
      summary: 'Moves the clock to a time; answers when everything that became due has run',
      body: z.object({ epochMs: z.number().int().nonnegative().max(4e12) }),
      async handle({ body: { epochMs } }) {
        assertFewTicks(epochMs)
        await clock.set(epochMs)
        return time()
      },
    }),
    route({
      method: 'POST',
      path: '/control/clock/advance',
      summary: 'Moves the clock forward; answers when everything that became due has run',
      body: z.object({
        ms: z.number().int().nonnegative().max(4e12),
        /** Run what became due once, late, instead of each thing at its own time. */
        leap: z.boolean().default(false),
      }),
      async handle({ body: { ms, leap } }) {
        if (!leap) assertFewTicks(clock.nowMs() + ms)
        await (leap ? clock.leap(ms) : clock.advance(ms))
        return time()
      },
    }),
    route({
      method: 'GET',
      path: '/control/cost',
      summary: 'Billed calls since the start or the last reset',
      handle: () => cost.totals(),
    }),
    route({
      method: 'POST',
      path: '/control/cost/reset',
      summary: 'Counts billed calls from zero',
      handle() {
        cost.reset()
        return cost.totals()
      },
    }),
    route({
      method: 'GET',
      path: '/control/logs',
      summary: 'Latest log lines first',
      query: z.object({
        function: z.string().optional(),
        requestId: z.string().optional(),
        level: z.enum(levels).optional().describe('this level and above'),
        source: z.string().optional(),
        limit: z.coerce.number().int().min(1).max(5_000).default(200),
      }),
      handle: ({ query: { limit, ...filter } }) => ({
        lines: log.recent((line) => isWanted(line, filter), limit),
      }),
    }),
  ]
}

function isWanted(
  line: LogLine,
  wanted: { function?: string; requestId?: string; level?: LogLine['level']; source?: string },
): boolean {
  return (
    (wanted.source === undefined || line.source === wanted.source) &&
    (wanted.function === undefined || line.fields?.function === wanted.function) &&
    (wanted.requestId === undefined || line.fields?.requestId === wanted.requestId) &&
    (wanted.level === undefined || levels.indexOf(line.level) >= levels.indexOf(wanted.level))
  )
}
