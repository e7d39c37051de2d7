import * as z from 'zod'
import { defineRoute, outbox, pageInput } from '../../_kernel/index.ts'

/** ops/listDeadEvents: events that a consumer refused ten times, the latest first. One database request. */
export const listDeadEvents = defineRoute({
  summary: 'Events that could not be delivered',
  input: z.strictObject(pageInput.shape),
  access: 'ops:events',

  async handle({ cursor, size }, ctx) {
    const page = await ctx.db.page(outbox, {
      where: { status: 'dead' },
      orderBy: ['dueAtMs', 'desc'],
      cursor,
      size,
    })
    return {
      items: page.items.map(({ _id, type, payload, occurredAtMs, doneBy, attempts, lastError, traceId }) => ({
        eventId: _id,
        type,
        payload,
        occurredAtMs,
        doneBy,
        attempts,
        lastError: lastError ?? null,
        traceId,
      })),
      nextCursor: page.nextCursor,
    }
  },
})
