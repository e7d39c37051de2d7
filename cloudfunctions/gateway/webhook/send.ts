/** Sends what is due, what happens to one order in its order. Safe to run from several places. */
import { type Context, command } from '../../_kernel/index.ts'
import { type Partner, partners } from '../partner/model.ts'
import { findWebhookEvent } from './events.ts'
import { type Attempt, afterAttempt, type Delivery, type Endpoint, isGone } from './model.ts'
import { post } from './post.ts'
import { signedHeaders } from './sign.ts'
import { forgetEndpoints, webhookDeliveries, webhookEndpoints } from './store.ts'

/** How long one attempt may take before somebody else tries. */
const CLAIM_MS = 60_000
const STREAMS_AT_ONCE = 8
const QUEUE = 20
/** After so many failures in one run, the other streams of an endpoint wait for the next: a dead one holds nobody up. */
const FAILURES_PER_RUN = 3
const NEXT_RUN_MS = 60_000

export interface Sent {
  delivered: number
  failed: number
  dead: number
}

/** What all streams of a run share. */
interface Run {
  endpoints: ReadonlyMap<string, Endpoint>
  partners: ReadonlyMap<string, Partner>
  failures: Map<string, number>
  sent: Sent
  isTimeUp(): boolean
}

export async function sendWebhooks(ctx: Context, limit: number, isTimeUp: () => boolean): Promise<Sent> {
  const due = await ctx.db.query(webhookDeliveries, {
    where: { status: 'pending', dueAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['dueAtMs', 'asc']],
    limit,
  })
  const sent = { delivered: 0, failed: 0, dead: 0 }
  if (due.length === 0) return sent
  const endpoints = await ctx.db.findMany(webhookEndpoints, unique(due.map(({ endpointId }) => endpointId)))
  const owners = await ctx.db.findMany(partners, unique(due.map(({ partnerId }) => partnerId)))
  const run: Run = {
    endpoints: new Map(endpoints.map((endpoint) => [endpoint._id, endpoint])),
    partners: new Map(owners.map((partner) => [partner._id, partner])),
    failures: new Map(),
    sent,
    isTimeUp,
  }
  const streams = unique(due.map(({ stream }) => stream))
  const workers = Array.from({ length: STREAMS_AT_ONCE }, async () => {
    for (let stream = streams.shift(); stream !== undefined && !isTimeUp(); stream = streams.shift()) {
      await sendStream(ctx, run, stream)
    }
  })
  await Promise.all(workers)
  return sent
}

/** As far as it goes: what comes after a delivery that failed waits for it. */
async function sendStream(ctx: Context, run: Run, stream: string): Promise<void> {
  const queue = await ctx.db.query(webhookDeliveries, {
    where: { stream, status: 'pending' },
    orderBy: [['position', 'asc']],
    limit: QUEUE,
  })
  for (const delivery of queue) {
    const nowMs = ctx.clock.nowMs()
    if (run.isTimeUp()) return
    // It waits for its next attempt, or somebody else is sending it.
    if (delivery.dueAtMs > nowMs) return postpone(ctx, stream, delivery.dueAtMs)
    if ((run.failures.get(delivery.endpointId) ?? 0) >= FAILURES_PER_RUN) {
      return postpone(ctx, stream, nowMs + NEXT_RUN_MS)
    }
    const isOurs = await ctx.db.updateIf(
      webhookDeliveries,
      delivery._id,
      { status: 'pending', dueAtMs: delivery.dueAtMs, attempts: delivery.attempts },
      { dueAtMs: nowMs + CLAIM_MS },
    )
    if (!isOurs) return
    const after = await sendOne(ctx, run, delivery)
    if (after.status === 'pending') return postpone(ctx, stream, after.dueAtMs)
  }
}

/** One attempt at a delivery that this run has claimed. */
async function sendOne(
  ctx: Context,
  run: Run,
  delivery: Delivery,
): Promise<Pick<Delivery, 'status' | 'dueAtMs'>> {
  const endpoint = run.endpoints.get(delivery.endpointId)
  const whyNot = whyNotSent(run, delivery, endpoint)
  const attempt: Attempt =
    endpoint && whyNot === undefined
      ? await attemptAt(ctx, endpoint, delivery)
      : { atMs: ctx.clock.nowMs(), httpStatus: null, error: whyNot ?? null, durationMs: 0 }
  const judged = afterAttempt(delivery, attempt, ctx.clock.nowMs())
  // Who may not be told today is not told tomorrow either.
  const after = whyNot === undefined ? judged : { ...judged, status: 'dead' as const }
  await ctx.db.update(webhookDeliveries, delivery._id, after)

  if (after.status === 'pending') {
    run.sent.failed += 1
    run.failures.set(delivery.endpointId, (run.failures.get(delivery.endpointId) ?? 0) + 1)
  } else run.sent[after.status] += 1
  if (isGone(attempt)) {
    await ctx.db.update(webhookEndpoints, delivery.endpointId, {
      status: 'disabled',
      updatedAtMs: ctx.clock.nowMs(),
    })
    await forgetEndpoints(ctx)
  }
  return after
}

function whyNotSent(
  run: Run,
  { partnerId, type }: Delivery,
  endpoint: Endpoint | undefined,
): string | undefined {
  if (endpoint?.status !== 'active') return 'the endpoint is gone'
  const partner = run.partners.get(partnerId)
  if (partner?.status !== 'active') return 'the partner was revoked'
  const needs = findWebhookEvent(type)?.needs
  return needs !== undefined && partner.scopes.includes(needs)
    ? undefined
    : `the partner has no scope ${needs}`
}

async function attemptAt(ctx: Context, endpoint: Endpoint, delivery: Delivery): Promise<Attempt> {
  const atMs = ctx.clock.nowMs()
  const body = JSON.stringify({
    type: delivery.type,
    timestamp: new Date(delivery.occurredAtMs).toISOString(),
    data: delivery.payload,
  })
  const headers = signedHeaders(ctx, endpoint, { id: delivery.eventId, body })
  const toAttempt = (rest: Pick<Attempt, 'httpStatus' | 'error'>): Attempt => ({
    atMs,
    ...rest,
    durationMs: ctx.clock.nowMs() - atMs,
  })
  try {
    const httpStatus = await post(endpoint.url, headers, body, ctx.settings.WEBHOOKS_TO_LOCAL === 'yes')
    return toAttempt({ httpStatus, error: null })
  } catch (cause) {
    ctx.log.warn({ cause, deliveryId: delivery._id }, 'webhook not delivered')
    return toAttempt({ httpStatus: null, error: String(cause).slice(0, 200) })
  }
}

/** What waits behind a delivery becomes due with it, and does not come up in between. */
async function postpone(ctx: Context, stream: string, untilMs: number): Promise<void> {
  await ctx.db.updateMany(
    webhookDeliveries,
    { stream, status: 'pending', dueAtMs: command.lt(untilMs) },
    { dueAtMs: untilMs },
  )
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)]
}
