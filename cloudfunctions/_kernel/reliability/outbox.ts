import * as z from 'zod'
import type { Context } from '../context.ts'
import { collection } from '../data/collection.ts'
import { refuse } from '../errors/app-error.ts'
import { text } from '../input.ts'
import { command } from '../runtime/cloud.ts'
import type { DomainEvent } from './events.ts'

/**
 * The transactional outbox: an event is written with the change that it tells about, delivered by the call that wrote
 * it right after its commit, and by the sweeper when that call died in between. `dueAtMs` is when the sweeper may take
 * it, and so is also the claim of whoever delivers it now.
 */
export const outbox = collection(
  'outbox',
  z.object({
    _id: text,
    type: text,
    payload: z.unknown(),
    occurredAtMs: z.int(),
    traceId: text,
    status: z.enum(['pending', 'done', 'dead']),
    /** Names of the consumers that have run. */
    doneBy: z.array(text),
    attempts: z.int(),
    dueAtMs: z.int(),
    lastError: z.string().optional(),
    /** When the cleaner may remove it; only for what is done. */
    expiresAtMs: z.int().optional(),
  }),
)

type OutboxRecord = ReturnType<typeof outbox.parse>

/** How long one delivery may take before somebody else tries. */
const CLAIM_MS = 60_000
const KEEP_DONE_MS = 7 * 24 * 3_600_000
const MAX_ATTEMPTS = 10
const FIRST_RETRY_MS = 30_000
const LONGEST_RETRY_MS = 6 * 3_600_000

export function toOutboxRecord(event: DomainEvent<unknown>, traceId: string): OutboxRecord {
  return {
    _id: event.id,
    type: event.type,
    payload: event.payload,
    occurredAtMs: event.occurredAtMs,
    traceId,
    status: 'pending',
    doneBy: [],
    attempts: 0,
    dueAtMs: event.occurredAtMs + CLAIM_MS,
  }
}

export type Outcome = 'done' | 'pending' | 'dead'

/** Runs the consumers that have not run yet and records how it went: one database request, besides theirs. */
export async function deliver(ctx: Context, record: OutboxRecord): Promise<Outcome> {
  const event: DomainEvent<unknown> = {
    id: record._id,
    type: record.type,
    payload: record.payload,
    occurredAtMs: record.occurredAtMs,
  }
  const doneBy = [...record.doneBy]
  let lastError: string | undefined
  for (const consumer of await ctx.consumers()) {
    if (consumer.on !== event.type || doneBy.includes(consumer.name)) continue
    try {
      await consumer.handle(event, ctx)
      doneBy.push(consumer.name)
    } catch (cause) {
      lastError = `${consumer.name}: ${cause instanceof Error ? cause.message : String(cause)}`
      ctx.log.error(
        { cause, eventId: event.id, eventType: event.type, consumer: consumer.name },
        'event consumer failed',
      )
    }
  }

  const attempts = record.attempts + 1
  const nowMs = ctx.clock.nowMs()
  const status: Outcome = lastError === undefined ? 'done' : attempts >= MAX_ATTEMPTS ? 'dead' : 'pending'
  await ctx.db.update(outbox, record._id, {
    status,
    doneBy,
    attempts,
    dueAtMs: nowMs + Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS),
    lastError,
    expiresAtMs: status === 'done' ? nowMs + KEEP_DONE_MS : undefined,
  })
  return status
}

/** Delivers what calls left behind. Safe to run at the same time from several places. */
export async function sweepOutbox(
  ctx: Context,
  limit: number,
): Promise<{ done: number; pending: number; dead: number }> {
  const due = await ctx.db.query(outbox, {
    where: { status: 'pending', dueAtMs: command.lte(ctx.clock.nowMs()) },
    orderBy: [['dueAtMs', 'asc']],
    limit,
  })
  const counts = { done: 0, pending: 0, dead: 0 }
  for (const record of due) {
    const claimed = await ctx.db.updateIf(
      outbox,
      record._id,
      { status: 'pending', dueAtMs: record.dueAtMs },
      { dueAtMs: ctx.clock.nowMs() + CLAIM_MS },
    )
    if (claimed) counts[await deliver(ctx, record)] += 1
  }
  return counts
}

/** An operator gives a dead event another life: the sweeper takes it at its next run. */
export async function replayDeadEvent(ctx: Context, eventId: string): Promise<void> {
  const revived = await ctx.db.updateIf(
    outbox,
    eventId,
    { status: 'dead' },
    { status: 'pending', attempts: 0, dueAtMs: ctx.clock.nowMs() },
  )
  if (!revived) refuse('NOT_FOUND', { eventId })
}
