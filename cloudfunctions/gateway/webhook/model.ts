/** Where webhooks go, and each one on its way. No I/O. */
import * as z from 'zod'
import { text } from '../../_kernel/index.ts'

const ms = z.int()

export const endpointSchema = z.object({
  _id: text,
  partnerId: text,
  url: text,
  events: z.array(text),
  /** `disabled` by the partner's end, or because the address said that it is gone. */
  status: z.enum(['active', 'disabled']),
  /** The newest first; an older one still signs until it ends. The secrets themselves are not stored (`secret.ts`). */
  secrets: z.array(z.object({ keyId: text, endsAtMs: ms.nullable() })),
  requestHash: text,
  createdAtMs: ms,
  updatedAtMs: ms,
})
export type Endpoint = z.output<typeof endpointSchema>

const attemptSchema = z.object({
  atMs: ms,
  /** Null when nobody answered. */
  httpStatus: z.int().nullable(),
  error: z.string().nullable(),
  durationMs: z.int(),
})
export type Attempt = z.output<typeof attemptSchema>

export const deliverySchema = z.object({
  /** Derived from event and endpoint: an event that comes twice is delivered once. */
  _id: text,
  endpointId: text,
  partnerId: text,
  /** Endpoint and order: what has the same goes out in order. */
  stream: text,
  /** `webhook-id`: the same for every attempt, so that the receiver knows a repeat. */
  eventId: text,
  type: text,
  payload: z.record(text, z.unknown()),
  occurredAtMs: ms,
  /** Its place in the stream: the time, and for events of the same millisecond the order in which an order can have them. */
  position: z.int(),
  /** `dead` gave up after a day, or has nowhere to go any more; an operator or the partner may replay it. */
  status: z.enum(['pending', 'delivered', 'dead']),
  attempts: z.int(),
  /** When it may be tried; also the claim of whoever is sending it now. */
  dueAtMs: ms,
  log: z.array(attemptSchema),
  createdAtMs: ms,
  /** When the cleaner may remove it; only for what has ended. */
  expiresAtMs: ms.optional(),
})
export type Delivery = z.output<typeof deliverySchema>

export const ENDPOINTS_MAX = 10
/** How long an old secret signs beside the new one. */
export const OVERLAP_MS = 24 * 3_600_000
export const KEEP_MS = 30 * 86_400_000
const LOG_KEPT = 20
const MINUTE_MS = 60_000

/** How long to wait after each attempt that failed: the last one is made a day after the first. */
const WAITS_MS = [1, 5, 15, 30, 60, 120, 240, 360, 609].map((minutes) => minutes * MINUTE_MS)
export const MAX_ATTEMPTS = WAITS_MS.length + 1

/** What an attempt makes of a delivery. Pure, so that the table can be tested without a receiver. */
export function afterAttempt(
  delivery: Delivery,
  attempt: Attempt,
  nowMs: number,
): Pick<Delivery, 'status' | 'attempts' | 'dueAtMs' | 'log' | 'expiresAtMs'> {
  const attempts = delivery.attempts + 1
  const log = [...delivery.log, attempt].slice(-LOG_KEPT)
  const isTaken = attempt.httpStatus !== null && attempt.httpStatus >= 200 && attempt.httpStatus < 300
  const waitMs = isTaken || isGone(attempt) ? undefined : WAITS_MS[attempts - 1]
  if (waitMs !== undefined) return { status: 'pending', attempts, dueAtMs: nowMs + waitMs, log }
  const status = isTaken ? 'delivered' : 'dead'
  return { status, attempts, dueAtMs: nowMs, log, expiresAtMs: nowMs + KEEP_MS }
}

/** 410 says: never again. */
export function isGone({ httpStatus }: Attempt): boolean {
  return httpStatus === 410
}
