import * as z from 'zod'
import { defineRoute, refuse } from '../../_kernel/index.ts'
import { documentId } from '../input.ts'
import { toParts } from '../log/parts.ts'
import { findState } from '../log/read-state.ts'
import { assertRole, MAX_VERSIONS } from '../model.ts'
import { documents, getDocument, parts, versions } from '../store.ts'

/** collab/saveVersion: keeps the document as it is now under a name, to look back at and to return to. */
export const saveVersion = defineRoute({
  summary: 'Keep the present state of a document under a name',
  input: z.strictObject({ documentId, name: z.string().trim().min(1).max(60) }),
  access: 'user',
  idempotent: 'once',
  rateLimit: { limit: 10, perMs: 60_000 },

  async handle({ documentId: id, name }, ctx) {
    const versionId = ctx.ids.next('ver')
    const savedAtMs = ctx.clock.nowMs()
    const document = await getDocument(ctx, id, 'editor')
    if ((await ctx.db.count(versions, { documentId: id })) >= MAX_VERSIONS) {
      refuse('COLLAB_LIMIT', { versions: MAX_VERSIONS })
    }
    const { bytes, seq } = (await findState(ctx, document)) ?? refuse('BUSY')
    const pieces = toParts({ documentId: id, holderId: versionId, expiresAtMs: null }, bytes)
    return ctx.once(async (tx) => {
      // Still a member, and the document still there.
      assertRole(await tx.find(documents, id), ctx.userId, 'editor')
      for (const piece of pieces) await tx.insert(parts, piece)
      await tx.insert(versions, {
        _id: versionId,
        documentId: id,
        name,
        seq,
        parts: pieces.length,
        bytes: bytes.length,
        savedBy: ctx.userId,
        savedAtMs,
      })
      return { versionId, seq }
    })
  },
})
