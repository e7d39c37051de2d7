import * as z from 'zod'
import { command, defineRoute, idInput, outbox, refuse } from '../../_kernel/index.ts'

const KEEP_MS = 7 * 86_400_000

/** ops/dropDeadEvent: nobody gets it any more. It stays readable for a week, and who dropped it stays in the audit log. */
export const dropDead = defineRoute({
  summary: 'Give up a dead event for good',
  input: z.strictObject({ eventId: idInput, reason: z.string().trim().min(1).max(200) }),
  access: 'ops:events',
  audit: { action: 'event.drop', subject: ({ eventId }) => `event/${eventId}` },

  async handle({ eventId, reason }, ctx) {
    const dropped = await ctx.db.updateIf(
      outbox,
      eventId,
      { status: 'dead' },
      {
        status: 'done',
        lastError: `dropped: ${reason}`,
        doneBy: command.addToSet('operator'),
        expiresAtMs: ctx.clock.nowMs() + KEEP_MS,
      },
    )
    if (!dropped) refuse('NOT_FOUND', { eventId })
    return { eventId }
  },
})
