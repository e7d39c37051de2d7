import * as z from 'zod'
import { type Context, DuplicateKey, defineRoute, refuse } from '../../_kernel/index.ts'
import { clientId, documentId } from '../input.ts'
import { assertRole, MAX_UPDATE_CHARACTERS } from '../model.ts'
import { documents, updates } from '../store.ts'
import { append, type Sent, updateId } from './append.ts'
import { compact } from './compact.ts'
import { assertApplicable } from './yjs.ts'

/** So many updates after the snapshot, and again after as many more, make a push compact the document. */
const COMPACT_EVERY = 64

/**
 * collab/push: one update of the caller's client. `clock` numbers the updates of this client without a gap, and is what
 * a repeat is known by: it may come as often as it likes. `seq` is null for one that was followed by others since.
 */
export const push = defineRoute({
  summary: 'Send a change of a shared document',
  input: z.strictObject({
    documentId,
    clientId,
    clock: z.int().min(1),
    update: z.base64().min(4).max(MAX_UPDATE_CHARACTERS),
  }),
  access: 'user',
  rateLimit: { limit: 300, perMs: 60_000 },

  async handle({ documentId: id, clientId, clock, update }, ctx) {
    const bytes = Buffer.from(update, 'base64')
    const sent = { userId: ctx.userId, clientId, clock, bytes }
    await assertApplicable(bytes)
    const { seq, repeated, tailUpdates } = await ctx
      .transaction(async (tx) => {
        const document = assertRole(await tx.find(documents, id), ctx.userId, 'editor')
        return append(tx, document, sent)
      })
      .catch(async (error: unknown) => {
        if (!(error instanceof DuplicateKey)) throw error
        await assertStored(ctx, id, sent)
        return { seq: null, repeated: true, tailUpdates: 0 }
      })
    if (!repeated && tailUpdates % COMPACT_EVERY === 0) await compactIfPossible(ctx, id)
    return { seq, repeated }
  },
})

/**
 * Sent again after the document has forgotten its client, but not its update. Another update under that number, or
 * another's that was given the same `seq` at this moment, must not pass for this one: it would be lost.
 */
async function assertStored(ctx: Context, id: string, sent: Sent): Promise<void> {
  const stored = await ctx.db.find(updates, updateId(id, sent))
  if (!stored) refuse('BUSY')
  if (stored.update !== Buffer.from(sent.bytes).toString('base64'))
    refuse('COLLAB_CLOCK', { taken: sent.clock })
}

/** The update is stored; what fails here is done by a later push or by the scheduler. */
async function compactIfPossible(ctx: Context, id: string): Promise<void> {
  try {
    await compact(ctx, id)
  } catch (cause) {
    ctx.log.warn({ cause, documentId: id }, 'not compacted')
  }
}
