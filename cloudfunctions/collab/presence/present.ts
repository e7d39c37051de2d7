import * as z from 'zod'
import { command, defineRoute, derivedId } from '../../_kernel/index.ts'
import { clientId, documentId } from '../input.ts'
import { getDocument, presence } from '../store.ts'

/** A client says so again before half of it is over. */
const PRESENT_MS = 40_000
const MOST_PRESENT = 100

/**
 * collab/present: the caller has the document open, with what its client shows the others (cursor, name, colour).
 * Gives who else is there. Whoever falls silent is gone after `PRESENT_MS`.
 */
export const present = defineRoute({
  summary: 'Say that I have a document open, and hear who else has',
  input: z.strictObject({ documentId, clientId, state: z.string().max(2_000) }),
  access: 'user',
  rateLimit: { limit: 120, perMs: 60_000 },

  async handle({ documentId: id, clientId, state }, ctx) {
    const { userId } = ctx
    await getDocument(ctx, id, 'viewer')
    const nowMs = ctx.clock.nowMs()
    const expiresAtMs = nowMs + PRESENT_MS
    const _id = derivedId('prs', id, userId, clientId)
    const isThere = await ctx.db.update(presence, _id, { state, expiresAtMs })
    // An update that changes nothing says the same as one that finds nothing.
    if (!isThere) {
      await ctx.db.insertIfAbsent(presence, { _id, documentId: id, userId, clientId, state, expiresAtMs })
    }
    const others = await ctx.db.query(presence, {
      where: { documentId: id, expiresAtMs: command.gt(nowMs) },
      orderBy: [['expiresAtMs', 'asc']],
      limit: MOST_PRESENT,
    })
    return {
      expiresAtMs,
      others: others
        .filter((one) => one._id !== _id)
        .map((one) => ({
          userId: one.userId,
          clientId: one.clientId,
          state: one.state,
          expiresAtMs: one.expiresAtMs,
        })),
    }
  },
})
