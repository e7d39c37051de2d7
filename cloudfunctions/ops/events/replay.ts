import * as z from 'zod'
import { defineRoute, idInput, replayDeadEvent } from '../../_kernel/index.ts'

/** ops/replayDeadEvent: the sweeper delivers it within a minute, to those consumers that have not had it. */
export const replayDead = defineRoute({
  summary: 'Deliver a dead event again',
  input: z.strictObject({ eventId: idInput }),
  access: 'ops:events',
  audit: { action: 'event.replay', subject: ({ eventId }) => `event/${eventId}` },

  async handle({ eventId }, ctx) {
    await replayDeadEvent(ctx, eventId)
    return { eventId }
  },
})
