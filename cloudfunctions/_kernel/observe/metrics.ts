import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import type { Context } from '../context.ts'
import { collection } from '../data/collection.ts'
import type { Change, Where } from '../data/db.ts'
import { text } from '../input.ts'
import { command } from '../runtime/cloud.ts'
import { perInstance } from '../runtime/instance.ts'

/** Upper bounds of the latency classes; `more` is what took longer than the last. */
export const LATENCY_BOUNDS_MS = [10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000] as const

const count = z.int().default(0)
const tallySchema = z.object({
  calls: count,
  /** Answered with a refusal from the catalogue. */
  refused: count,
  /** Answered INTERNAL: a fault of ours. */
  failed: count,
  durationMs: count,
  databaseCalls: count,
  /** Calls by latency class: `le50`, …, `more`. */
  latency: z.record(text, z.int()).default({}),
})
export type Tally = z.output<typeof tallySchema>

/** What the instances of one function measured in one hour. `_id` is `<function>-<start of the hour>`. */
export const metricHours = collection(
  'metric_hours',
  z.object({
    _id: text,
    function: text,
    hourMs: z.int(),
    /** By route: `create`, `timer:everyMinute`, `event:paid`. */
    routes: z.record(text, tallySchema),
    /** The last batch of each instance that is in here: one whose reply was lost is not counted twice. */
    batches: z.record(text, z.int()),
    expiresAtMs: z.int(),
  }),
)
export type MetricHour = ReturnType<typeof metricHours.parse>

const FLUSH_EVERY_MS = 60_000
const HOUR_MS = 3_600_000
const KEEP_MS = 8 * 24 * HOUR_MS

/** Counted and not stored yet. It dies with the instance: at most its last minute. */
interface Unsaved {
  hours: Map<number, Map<string, Tally>>
  /** Taken out of `hours`, and kept until it is surely stored. */
  batch?: Batch
  batchesMade: number
  dueAtMs: number
}

/** By function: an instance runs one, a unit test all of them. */
const unsaved = perInstance(() => ({
  instance: `i${randomBytes(5).toString('hex')}`,
  functions: new Map<string, Unsaved>(),
}))

interface Batch {
  number: number
  hourMs: number
  routes: Map<string, Tally>
}

/** @param route as in `Context`: `order/create`. */
export function measure(
  route: string,
  call: { code: number; durationMs: number; databaseCalls: number },
  nowMs: number,
): void {
  const [functionName = '', key = ''] = route.split('/')
  const { functions } = unsaved()
  const own = functions.get(functionName) ?? {
    hours: new Map(),
    batchesMade: 0,
    dueAtMs: nowMs + FLUSH_EVERY_MS,
  }
  functions.set(functionName, own)
  const hourMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS
  const routes = own.hours.get(hourMs) ?? new Map<string, Tally>()
  own.hours.set(hourMs, routes)
  const tally = routes.get(key) ?? tallySchema.parse({})
  routes.set(key, tally)
  tally.calls += 1
  if (call.code === 1000) tally.failed += 1
  else if (call.code !== 0) tally.refused += 1
  tally.durationMs += call.durationMs
  tally.databaseCalls += call.databaseCalls
  const bound = LATENCY_BOUNDS_MS.find((ms) => call.durationMs <= ms)
  const latency = bound === undefined ? 'more' : `le${bound}`
  tally.latency[latency] = (tally.latency[latency] ?? 0) + 1
}

/**
 * Stores what this instance has counted, at most once a minute: one database request, made by the call that happens to
 * come then. What cannot be stored now is stored a minute later; the call does not notice.
 */
export async function flushMetrics(ctx: Context, functionName: string): Promise<void> {
  const { instance, functions } = unsaved()
  const own = functions.get(functionName)
  if (!own || ctx.clock.nowMs() < own.dueAtMs) return
  own.dueAtMs = ctx.clock.nowMs() + FLUSH_EVERY_MS
  own.batch ??= nextBatch(own)
  const { batch } = own
  if (!batch) return
  try {
    await store(ctx, functionName, instance, batch)
    own.batch = undefined
  } catch (cause) {
    ctx.log.warn({ cause }, 'measurements are kept for later')
  }
}

/** The oldest hour's. */
function nextBatch(own: Unsaved): Batch | undefined {
  const [hour] = own.hours
  if (!hour) return undefined
  const [hourMs, routes] = hour
  own.hours.delete(hourMs)
  own.batchesMade += 1
  return { number: own.batchesMade, hourMs, routes }
}

async function store(ctx: Context, functionName: string, instance: string, batch: Batch): Promise<void> {
  const id = `${functionName}-${new Date(batch.hourMs).toISOString().slice(0, 13)}`
  const add = () => ctx.db.updateIf(metricHours, id, notYet, increments)
  const notYet = { [`batches.${instance}`]: command.neq(batch.number) } as Where<MetricHour>
  const increments = { [`batches.${instance}`]: batch.number, ...incrementsOf(batch.routes) }
  if (await add()) return
  const first: MetricHour = {
    _id: id,
    function: functionName,
    hourMs: batch.hourMs,
    routes: Object.fromEntries(batch.routes),
    batches: { [instance]: batch.number },
    expiresAtMs: batch.hourMs + KEEP_MS,
  }
  // Another instance may have been first in this hour; one that changes nothing now has counted already.
  if (!(await ctx.db.insertIfAbsent(metricHours, first))) await add()
}

function incrementsOf(routes: Batch['routes']): Change<MetricHour> {
  const change: Record<`${string}.${string}`, unknown> = {}
  for (const [route, { latency, ...counts }] of routes) {
    for (const [name, by] of Object.entries(counts)) {
      if (by > 0) change[`routes.${route}.${name}`] = command.inc(by)
    }
    for (const [name, by] of Object.entries(latency)) {
      change[`routes.${route}.latency.${name}`] = command.inc(by)
    }
  }
  return change
}
