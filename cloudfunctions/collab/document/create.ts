import * as z from 'zod'
import { command, defineRoute, refuse } from '../../_kernel/index.ts'
import { title } from '../input.ts'
import { MAX_DOCUMENTS_OF_ONE, withMembers } from '../model.ts'
import { documents } from '../store.ts'

/** collab/create: an empty document that belongs to the caller. */
export const create = defineRoute({
  summary: 'Create a shared document',
  input: z.strictObject({ title }),
  access: 'user',
  idempotent: 'once',
  rateLimit: { limit: 20, perMs: 60_000 },

  async handle(input, ctx) {
    const { userId } = ctx
    const documentId = ctx.ids.next('doc')
    const nowMs = ctx.clock.nowMs()
    if ((await ctx.db.count(documents, { memberIds: command.in([userId]) })) >= MAX_DOCUMENTS_OF_ONE) {
      refuse('COLLAB_LIMIT', { documents: MAX_DOCUMENTS_OF_ONE })
    }
    return ctx.once(async (tx) => {
      await tx.insert(documents, {
        _id: documentId,
        title: input.title,
        ...withMembers([{ userId, role: 'owner', joinedAtMs: nowMs }]),
        invites: [],
        writers: [],
        lastSeq: 0,
        tailUpdates: 0,
        tailBytes: 0,
        snapshotId: '',
        snapshotSeq: 0,
        snapshotParts: 0,
        snapshotBytes: 0,
        leftoverId: '',
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        removedAtMs: null,
      })
      return { documentId }
    })
  },
})
