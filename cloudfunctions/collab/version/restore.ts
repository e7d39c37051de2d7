import * as z from 'zod'
import { defineRoute, idInput, refuse } from '../../_kernel/index.ts'
import { documentId } from '../input.ts'
import { append } from '../log/append.ts'
import { findParts, findState } from '../log/read-state.ts'
import { reverting } from '../log/yjs.ts'
import { assertRole } from '../model.ts'
import { documents, getDocument, versions } from '../store.ts'

/** What a record of 512 kB takes, in base64. */
const MOST_BYTES = 360_000

/**
 * collab/restore: brings a document back to a version by an update like any other, which undoes what has come since.
 * Nothing is lost: the log goes on, everybody converges, and edits that arrive meanwhile stay.
 */
export const restore = defineRoute({
  summary: 'Bring a document back to a named version',
  input: z.strictObject({ documentId, versionId: idInput }),
  access: 'user',
  idempotent: 'once',
  rateLimit: { limit: 10, perMs: 60_000 },

  async handle({ documentId: id, versionId }, ctx) {
    const { userId } = ctx
    const document = await getDocument(ctx, id, 'editor')
    const version = await ctx.db.get(versions, versionId)
    if (version.documentId !== id) refuse('NOT_FOUND', { versionId })
    const former = (await findParts(ctx, versionId, version.parts)) ?? refuse('NOT_FOUND', { versionId })
    const { bytes: current } = (await findState(ctx, document)) ?? refuse('BUSY')
    const bytes = await reverting(current, former)
    if (bytes && bytes.length > MOST_BYTES) refuse('COLLAB_TOO_LARGE', { mostBytes: MOST_BYTES })

    return ctx.once(async (tx) => {
      const latest = assertRole(await tx.find(documents, id), userId, 'editor')
      if (!bytes) return { seq: latest.lastSeq, changed: false }
      const { seq } = await append(tx, latest, { userId, clientId: ctx.requestId, clock: 1, bytes })
      return { seq: seq ?? latest.lastSeq, changed: true }
    })
  },
})
